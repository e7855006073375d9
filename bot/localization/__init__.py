"""The bot's own words in the reader's language.

messages     a sentence with named places, kept until its reader's language is known
phrases      sentences, dates, numbers and lists; in English, which stands in the code
cldr         the same in other languages, by Babel's data
languages    the languages, and the one for a reader's locale
catalogues   the translations: a `.po` file for each language, and its compiled form
"""
