"""Find verbs with their subjects in spoken English.

There is no parser behind it, only closed lists and word endings. It serves advice, so it errs on
the side of a verb: a participle that could be a past tense counts as one, and so does nearly
anything after "I" or "they".
"""

from __future__ import annotations

import re


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())


_WORD = re.compile(r"\w+(?:['-]\w+)*")
_SUBJECTS = word_set(
    "i we you he she it they who that which what this these those there here one everybody "
    "everyone somebody someone anybody anyone nobody everything something nothing all both none "
    "most some people"
)
_LIKERS = word_set("you who people")
# Almost whatever follows one of these, adverbs aside, is its verb.
_NOMINATIVES = word_set("i we he she they everybody everyone somebody someone nobody")
_FINITE = word_set(
    "am is are was were has had does did do have can could will would shall should must might may "
    "cannot ain't gotta gonna wanna let's"
)
_CONTRACTED = re.compile(
    r".+n't|.+'(?:m|re|ve|ll|d)|(?:he|she|it|that|this|there|here|who|what|where|how|when|why|"
    r"everybody|everyone|everything|somebody|someone|something|nobody|nothing)'s"
)
_ADVERBS = word_set(
    "also always just still never ever even really already almost both all often sometimes "
    "usually maybe then now so only too not"
)
# What a subject is not: a word after one of these is a noun, or a verb without its person.
_NO_SUBJECTS = word_set(
    "a an the my your his her its our their this that these those some any no every each to of in "
    "on at by for from with without about into over under after before during between like as "
    "than and or but if me us him them very so too more most such pretty super be been being am "
    "is are was were has had have do does did"
)
_AFTER_NOMINATIVE_NO_VERB = word_set(
    "a an the and or but of in on at by for from with who that which too myself ourselves himself "
    "herself themselves else"
)
_PAST = word_set(
    "went knew took gave wrote sang began came saw said told thought felt kept met brought bought "
    "taught caught sat stood spoke chose drove flew grew threw woke wore won lost built sent "
    "spent slept led fell ate drank drew rode rang sank swam broke stole forgot became got made "
    "found heard held ran understood meant dealt put let left"
)
_VERBS = word_set(
    "accept act add agree allow answer appear argue arrive ask avoid beat become begin believe "
    "belong book break bring build buy call care carry change choose come compare connect "
    "continue cook cost count cover create cry cut dance deal decide depend deserve develop "
    "disagree discover discuss do draw dream dress drink drive drop earn eat end enjoy exist "
    "expect explain face fail fall fear feel fight fill film find finish fit fix fly follow "
    "forget get give go grow guess handle hang happen hate have hear help hit hold hope hurt "
    "imagine improve include inspire invite involve join jump keep kill know land last laugh lead "
    "learn leave lend let lie like listen live look lose love make manage marry matter mean meet "
    "mention mind miss mix move need notice offer own paint pass pay perform pick plan play point "
    "practice practise pray prefer prepare press produce promise prove pull push put quit raise "
    "reach read realise realize receive record relax release rely remain remember repeat replace "
    "represent respect rest return ride ring rock roll row run save say search see seem sell send "
    "serve set settle share shoot shout show sign sing sit sleep smile solve sort sound speak "
    "spend stand start stay step stick stop struggle study suggest suit support suppose surprise "
    "survive suspect swear swim take talk teach tell thank think throw touch tour travel treat "
    "trust try turn understand use visit vote wait wake walk want warn waste watch wear welcome "
    "win wish wonder work worry write"
)
_THIRD_PERSONS = frozenset(
    {f"{verb}s" for verb in _VERBS}
    | {f"{verb}es" for verb in _VERBS if verb.endswith(("o", "s", "x", "z", "ch", "sh"))}
    | {f"{verb[:-1]}ies" for verb in _VERBS if verb.endswith("y")}
)
_SHORTEST_PAST = 4
"""Letters of a past tense that is known by its ending alone."""


def has_verb(text: str) -> bool:
    """Return whether a text has a verb that may have its subject."""
    raw = _WORD.findall(text)
    words = [word.casefold() for word in raw]
    return any(_is_verb(raw, words, place) for place in range(len(words)))


def _is_verb(raw: list[str], words: list[str], place: int) -> bool:
    word, subject = words[place], _subject_before(words, place)
    if word in _FINITE:
        # "Will" and "May" within a sentence are people and months.
        return place == 0 or raw[place] == word
    if word.endswith("'s") or _CONTRACTED.fullmatch(word):
        return bool(_CONTRACTED.fullmatch(word)) or _is_contracted_name(words, place)
    if subject in _NOMINATIVES:
        return word not in _AFTER_NOMINATIVE_NO_VERB | _ADVERBS
    is_past = word in _PAST or (word.endswith("ed") and len(word) > _SHORTEST_PAST)
    if is_past or word in _THIRD_PERSONS:
        return subject not in _NO_SUBJECTS | {""}
    is_plural = subject.endswith("s") and not subject.endswith(("'s", "ss"))
    subjects = _LIKERS if word == "like" else _SUBJECTS  # "something like that" is no clause
    return word in _VERBS and (subject in subjects or (is_plural and subject not in _NO_SUBJECTS))


def _is_contracted_name(words: list[str], place: int) -> bool:
    """Return whether "Ona's" is "Ona is" here: "Ona's playing", "Ona's a friend"."""
    following = words[place + 1] if place + 1 < len(words) else ""
    return following.endswith("ing") or following in {"a", "an", "the", "not", "been", "got"}


def _subject_before(words: list[str], place: int) -> str:
    """Return the word before a place, without adverbs, or nothing."""
    for word in reversed(words[:place]):
        if word not in _ADVERBS and not (word.endswith("ly") and word not in {"family", "only"}):
            return word
    return ""
