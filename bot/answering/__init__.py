"""Answers questions from the compiled index.

A question passes these modules in order: `text` splits and folds it, `query` parses it with the
`lexicon` and the index's names, `features` weighs it, `ranking` scores the candidates that the
index finds, `out_of_domain` scores what packs seldom cover, `decision` decides, and `results` loads
what is shown. `engine` runs these steps, and `knowledge_base` is the façade that everything else
uses. `indexer` makes the documents of a pack that ranking reads, with the same words and features.
"""
