"""Fact packs as their authors write them: read, validated and audited."""
