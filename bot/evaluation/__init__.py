"""Golden questions, scores and advice for authors."""
