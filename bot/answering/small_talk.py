"""Small talk, recognized in the place of a question."""

from __future__ import annotations

import re
from enum import Enum

from bot.answering.text import fold

_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


class SmallTalk(Enum):
    """The kinds of small talk that are answered in kind."""

    BLANK = "blank"
    """Nothing at all was typed."""
    MARKS = "marks"
    """Punctuation alone, such as a question mark."""
    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    HELP = "help"
    """A question about the bot itself."""
    CLOCK = "clock"
    """A question about today, or about this moment."""


_ALL_WAYS = {
    SmallTalk.GREETING: (
        *("hi", "hi there", "hello", "hello there", "hey", "hey there", "heya", "hiya", "yo"),
        *("howdy", "greetings", "sup", "whats up", "wassup", "good morning", "good afternoon"),
        *("good evening", "how are you", "how are you doing", "hi bot", "hello bot", "hey bot"),
        *("hola", "holaa", "holis", "buenas", "buenos dias", "buenas tardes", "buenas noches"),
        *("que tal", "hola bot", "como estas", "hola como estas", "que onda", "hola que tal"),
        *("oi", "oie", "ola", "opa", "eai", "e ai", "bom dia", "boa tarde", "oi bot"),
        *("oi tudo bem", "tudo bem", "oi gente", "hola a todos"),
        *("hallo", "moin", "servus", "guten morgen", "guten tag", "guten abend", "wie gehts"),
        *("bonjour", "bonsoir", "salut", "coucou", "ca va", "salut ca va"),
    ),
    SmallTalk.THANKS: (
        *("thanks", "thank you", "thx", "thanx", "ty", "tysm", "tyvm", "cheers", "thanks a lot"),
        *("thank you so much", "thank you very much", "thanks so much", "many thanks"),
        *("thanks bot", "thank you bot", "good bot", "nice", "cool", "great", "awesome", "ok"),
        *("okay", "lol", "great thanks", "ok thanks", "cool thanks"),
        *("gracias", "muchas gracias", "mil gracias", "gracias bot", "grax", "genial", "vale"),
        *("obrigado", "obrigada", "muito obrigado", "muito obrigada", "valeu", "vlw", "obg"),
        *("brigado", "brigada", "legal", "jaja", "jajaja", "kkk", "kkkk"),
        *("kkkkk", "rs", "rsrs", "haha", "hahaha"),
        *("danke", "danke schon", "dankeschon", "vielen dank", "merci", "merci beaucoup"),
    ),
    SmallTalk.FAREWELL: (
        *("bye", "bye bye", "goodbye", "good bye", "good night", "goodnight", "see you", "cya"),
        *("see you later", "adios", "chau", "chao", "hasta luego", "nos vemos", "tchau"),
        *("ate mais", "ate logo", "boa noite", "falou"),
        *("tschuss", "gute nacht", "auf wiedersehen", "au revoir", "bonne nuit", "a bientot"),
    ),
    SmallTalk.HELP: (
        *("help", "help me", "what can you do", "what can i ask", "what do you know"),
        *("who are you", "what are you", "what can i ask you", "how do you work"),
        *("how does this work", "what is this", "test", "testing"),
        *("ayuda", "quien eres", "que eres", "que sabes", "que puedes hacer", "como funcionas"),
        *("que te puedo preguntar", "prueba", "ajuda", "quem e voce", "o que voce faz"),
        *("o que voce sabe", "o que posso perguntar", "como voce funciona", "teste"),
        *("hilfe", "wer bist du", "was kannst du", "aide", "qui es tu", "que sais tu faire"),
    ),
    SmallTalk.CLOCK: (
        *("what day is it", "what day is it today", "what day is today", "which day is it"),
        *("whats the day", "whats the date", "what is the date", "whats todays date"),
        *("what is the date today", "what date is it", "what month is it", "what year is it"),
        *("what time is it", "what time is it now", "whats the time", "what is the time"),
        *("que hora es", "que horas son", "que dia es hoy", "que dia es", "que fecha es hoy"),
        *("que horas sao", "que dia e hoje", "que dia e", "qual a data de hoje"),
    ),
}
_ADDRESSED = frozenset(
    {
        *("all", "bot", "bro", "buddy", "dude", "everyone", "folks", "guys", "man", "mate"),
        *(
            "amiga",
            "amigo",
            "amigos",
            "chicas",
            "chicos",
            "gente",
            "guey",
            "hermano",
            "parce",
            "wey",
        ),
        *("amg", "cara", "galera", "mana", "mano", "meninas", "migo", "parca", "pessoal"),
    }
)
"""Those whom a person says it to: "gracias bro" is thanks as "gracias" is."""
_KINDS = {words: kind for kind, ways in _ALL_WAYS.items() for words in ways}


def recognize_small_talk(text: str) -> SmallTalk | None:
    """Return the kind of small talk, or None for a question."""
    if not text.strip():
        return SmallTalk.BLANK
    words = "".join(each for each in fold(text) if each.isalnum() or each.isspace()).split()
    if not words:
        return SmallTalk.MARKS
    said = [" ".join(words)]
    if words[-1] in _ADDRESSED:
        said.append(" ".join(words[:-1]))
    # "heyyy"
    ways = (way for each in said for way in (each, _DRAWN_OUT.sub(r"\1", each)))
    return next((_KINDS[way] for way in ways if way in _KINDS), None)
