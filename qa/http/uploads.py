"""Uploads: files that clients send, and what was sent beside them."""

import asyncio
import dataclasses
import os
from concurrent.futures import ThreadPoolExecutor

from index.article import Draft
from index.errors import InputError, Overloaded, UnreadableFile
from index.ingest.loading import Limits, Loaded, Refused, load_all
from index.ingest.loading.decoding import why_unfit
from index.ingest.loading.text import tags_of
from index.ingest.loading.title import label
from qa.http import schemas
from qa.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent, and what its sender says about it."""

    data: bytes
    name: str
    content_type: str
    metadata: schemas.ArticleMetadata

    def load(self, limits: Limits) -> Loaded:
        """The file's articles; what was sent beside the file goes before what it says itself.

        Each has a source, if nothing else the file's name. Raises ``InputError``.
        """
        reason = why_unfit(self.name)
        if reason:
            raise UnreadableFile(f"the file's name holds {reason}: rename it", field="file")
        loaded = load_all(self.data, self.name, self.content_type, limits)
        several = len(loaded.drafts) + len(loaded.refused) > 1
        if several and self.metadata.title:
            raise InputError(
                f"{self.name!r} holds several articles, and the title {self.metadata.title!r} can "
                "only be that of one: leave it out",
                field="title",
            )
        drafts = loaded.sourced(self.metadata.source or self.name)
        return Loaded(
            tuple(self._labelled(draft, several) for draft in drafts),
            tuple(Refused(self._place(one), one.reason) for one in loaded.refused),
            loaded.places,
            loaded.left_out,
        )

    def _labelled(self, draft: Draft, several: bool) -> Draft:
        given = self.metadata
        return dataclasses.replace(
            draft,
            title=label(given.title or "") or draft.title,
            source=draft.source if several else given.source or draft.source,
            published=given.published or draft.published,
            author=label(given.author or "") or draft.author,
            tags=draft.tags if given.tags is None else tags_of(given.tags),
        )

    def _place(self, refused: Refused) -> str:
        return refused.name.removeprefix(self.name) or self.name


class Uploads:
    """Loads files beside the event loop it belongs to, as many at once as there are cores."""

    def __init__(self, settings: Settings) -> None:
        self.limits = settings.limits()
        self._most = settings.queue_length
        self._seconds = settings.queue_seconds
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="uploads")
        self._given = 0

    async def load(self, upload: Upload) -> Loaded:
        """Raises ``InputError``, and ``Overloaded`` when too many files wait to be read."""
        if self._given >= self._most:
            raise Overloaded(
                f"{self._given} files are being read, as many as may: try again later, or set "
                "PULLQUOTE_QUEUE_LENGTH higher",
                max(1, round(self._seconds / 2)),
            )
        self._given += 1
        loop = asyncio.get_running_loop()
        loading = loop.run_in_executor(self._threads, upload.load, self.limits)
        loading.add_done_callback(self._done)
        return await asyncio.shield(loading)

    def close(self) -> None:
        """Read no file that nobody has begun to read."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _done(self, loading: asyncio.Future[Loaded]) -> None:
        self._given -= 1
        if not loading.cancelled():
            loading.exception()  # Somebody must have looked at it, even if nobody waits any more.
