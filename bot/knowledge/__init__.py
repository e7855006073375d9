"""What is known: packs, models, the compiled store. No Discord, no network."""
