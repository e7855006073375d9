"""Every door that hostile input comes through."""

from __future__ import annotations

from tests.fuzz import configuration, interactions, packs, questions

TARGETS = tuple(module.TARGET for module in (packs, questions, interactions, configuration))
