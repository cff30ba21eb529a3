"""Where people talk, what they say there, and how far each has read."""

from campus.discussion.models.flags import Flag, FlagQuerySet, FlagReason
from campus.discussion.models.people import Level, Offer, Reading, Rhythm, Summary, Voice
from campus.discussion.models.search import SavedSearch, SearchText, SearchTitle
from campus.discussion.models.threads import (
    LONGEST_POST,
    LONGEST_TITLE,
    POSTS_ON_PAGE,
    Attachment,
    Mention,
    Place,
    PlaceKind,
    Post,
    Revision,
    Signpost,
    Thanks,
    Thread,
    ThreadKind,
    Topic,
)

__all__ = [
    "LONGEST_POST",
    "LONGEST_TITLE",
    "POSTS_ON_PAGE",
    "Attachment",
    "Flag",
    "FlagQuerySet",
    "FlagReason",
    "Level",
    "Mention",
    "Offer",
    "Place",
    "PlaceKind",
    "Post",
    "Reading",
    "Revision",
    "Rhythm",
    "SavedSearch",
    "SearchText",
    "SearchTitle",
    "Signpost",
    "Summary",
    "Thanks",
    "Thread",
    "ThreadKind",
    "Topic",
    "Voice",
]
