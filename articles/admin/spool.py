"""Uploaded files between the network and the archive."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class NoFiles(FileUploadHandler):
    """Where no file is asked for, none is taken in: else any visitor could fill the disk through the log-in form."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never reached, and required."""

    def file_complete(self, file_size: int) -> None:
        """Never reached, and required."""


class Spool(FileUploadHandler):
    """All files of one request in one file without a name, which is gone with the process however that ends.

    A thousand files would be more than a process may have open at once.
    """

    # Django closes it under this name when an upload breaks off.
    file: Any
    end = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not hasattr(self, "file"):
            self.file = tempfile.TemporaryFile(dir=settings.DATA)  # noqa: SIM115 (closed with the request)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.write(raw_data)
        self.end += len(raw_data)

    def file_complete(self, file_size: int) -> SpooledFile:
        return SpooledFile(self.file, self.end - file_size, file_size, self.file_name or "")

    def upload_complete(self) -> None:
        if hasattr(self, "file"):
            self.file.flush()


class SpooledFile(UploadedFile):
    """One of the files of a spool; its pieces can be read once the spool is complete."""

    def __init__(self, spool: Any, start: int, size: int, name: str) -> None:
        super().__init__(file=spool, name=name, size=size)
        self.spool, self.start = spool, start

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        place, end = self.start, self.start + (self.size or 0)
        while piece := os.pread(self.spool.fileno(), min(chunk_size or self.DEFAULT_CHUNK_SIZE, end - place), place):
            place += len(piece)
            yield piece
