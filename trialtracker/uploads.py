"""How large a file may be that somebody sends: any form takes one, and Django writes it to the disk before a view looks at it."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class Bounded(FileUploadHandler):
    """Stands first, refuses before anything is read, and leaves the rest to the handlers after it."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > settings.UPLOAD_MAX_BYTES:
            raise RequestDataTooBig(f"A file may have {settings.UPLOAD_MAX_BYTES:,} bytes; these are {content_length:,}.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
