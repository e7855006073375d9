"""Everyday names of seldom-told topics and of question types, for authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TOPICS = {
    "about-what": "what a song is about",
    "age": "an age or a birthday",
    "artwork": "covers, pictures or merchandise",
    "began-airing": "when a show began",
    "belief": "religion, politics or star signs",
    "body": "somebody’s looks or height",
    "casting": "auditions, or how a part was won",
    "character": "a character in a show",
    "chart": "charts, sales or views",
    "clock": "a time of day",
    "discography": "which or how many records there are",
    "duration": "how long and where the interview was",
    "episode-detail": "single episodes, their plots or guests",
    "fan-contact": "how fans can meet or reach somebody",
    "favourite": "favourite things, food or drink",
    "following-count": "how many followers or fans there are",
    "format": "formats such as vinyl, cassette or file",
    "friendship": "friendships, first meetings or quarrels",
    "gear": "brands of instruments or equipment",
    "guests": "guests on a record",
    "health": "illness, death or drugs",
    "home-life": "where somebody lives, grew up or was born",
    "label": "record labels or managers",
    "language": "the language of a song or show",
    "later": "what happened afterwards, or happens nowadays",
    "line": "a first or last line",
    "love-life": "love, marriage or children",
    "lyrics-of": "lyrics, chords or the meaning of a song",
    "money": "prices or money",
    "name-origin": "where a name comes from",
    "names-of": "somebody’s full name, nickname or the like",
    "next-tour": "tours and concerts to come",
    "opinion-of": "fears, dreams, pranks or secrets",
    "other-member": "the oldest, the youngest, a leader or a former member",
    "other-skill": "skills such as drums, dancing, cooking or languages",
    "others": "who or what else there is",
    "ownership": "who owns or runs something",
    "parents": "parents or other relatives",
    "pay": "pay, sponsors or charity",
    "pets": "pets or other animals",
    "places": "a city or country by name",
    "plays": "the parts that somebody has played",
    "producer": "producers or directors",
    "running-time": "how many minutes something lasts",
    "school": "school or studies",
    "social-account": "accounts in social networks",
    "songwriter": "who wrote a song",
    "spare-time": "free time, sleep or holidays",
    "sport": "sports",
    "streaming": "a shop or streaming service by name",
    "studio": "the studio of a recording",
    "sung-by": "who sings which part",
    "tickets": "tickets, venues or opening acts",
    "tracklist": "the list of songs, or its first and last",
    "trophies": "awards won before, or their ceremonies",
    "video": "videos or films",
    "visiting": "a visit to where the asker lives",
    "voting": "how to vote",
    "website": "a website",
}
"""By the name of the lexicon's attribute, which an author may write under `covers`."""

_TYPES = {"title": "what it is called", "yes_no": "yes or no"}


def name_topics(attributes: Iterable[str]) -> str:
    """Name topics in a sentence: "prices or money, and where somebody lives"."""
    return ", and ".join(TOPICS[name] for name in sorted(attributes))


def name_types(question_types: Iterable[str]) -> list[str]:
    """Name question types in everyday words: "how old"."""
    return [_TYPES.get(name, name.replace("_", " ")) for name in sorted(question_types)]
