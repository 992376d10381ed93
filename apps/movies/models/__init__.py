from apps.movies.models.film import LONGEST, MOST_FILMS, Film
from apps.movies.models.refusals import (
    CannotShow,
    CannotVote,
    DeadlineHasPassed,
    FilmIsVotedOn,
    LastFilm,
    NothingToShow,
    NotOnTheList,
    NotSeated,
    NoVote,
    SevenAlready,
    TooFewFilms,
    TooLate,
    VoteIsOpen,
    VoteIsOver,
)
from apps.movies.models.showing import LATEST_BEGIN, LONGEST_BREAK, LONGEST_TALK, Showing
from apps.movies.models.vote import Vote

__all__ = [
    "LATEST_BEGIN",
    "LONGEST",
    "LONGEST_BREAK",
    "LONGEST_TALK",
    "MOST_FILMS",
    "CannotShow",
    "CannotVote",
    "DeadlineHasPassed",
    "Film",
    "FilmIsVotedOn",
    "LastFilm",
    "NoVote",
    "NotOnTheList",
    "NotSeated",
    "NothingToShow",
    "SevenAlready",
    "Showing",
    "TooFewFilms",
    "TooLate",
    "Vote",
    "VoteIsOpen",
    "VoteIsOver",
]
