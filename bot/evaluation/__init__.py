"""Golden questions, their scores, and advice for authors of packs."""
