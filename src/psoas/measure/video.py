"""One frame of a video as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from psoas.errors import MeasureError, MissingExtraError
from psoas.measure._data import choice
from psoas.measure.picture import NEEDS, Picture, check_size, checked_file

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame

ENDINGS = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".mpg", ".mpeg")


def is_video(path: str | Path) -> bool:
    """Whether a file's name ends like a video's."""
    return Path(path).suffix.lower() in ENDINGS


def load_frame(path: str | Path, seconds: float | None = None) -> Picture:
    """The frame at `seconds` from the start of a video, or the one in its middle, turned as the camera noted.

    Raises:
        MeasureError: no such file, no video, damaged, or a time outside it.
        MissingExtraError: the video library is not installed.
    """
    name = Path(path).name
    checked_file(path, choice("picture", "video_bytes_most"))
    try:
        import av
    except ImportError as err:
        raise MissingExtraError(NEEDS.format(err.name)) from None
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise MeasureError(f"{name} holds no moving picture; expected a video.")
            check_size(name, (container.streams.video[0].width, container.streams.video[0].height))
            length = _length_s(container)
            at = _wanted(name, seconds, length)
            frame, time = _frame_at(container, at)
            if frame is None:
                raise MeasureError(f"{name} is damaged: no picture could be read from it at {at:.2f} s.")
            whole: Any = frame
            image = whole.to_image().convert("RGB")
            turn = round(float(getattr(frame, "rotation", 0) or 0)) % 360
            if turn:  # counter-clockwise, as the display is to show it
                image = image.rotate(turn, expand=True)
    except av.error.FFmpegError as err:
        raise MeasureError(f"{name} is damaged or no video ({err.strerror}). Take or copy it again.") from None
    return Picture(image, name, time)


def _length_s(container: InputContainer) -> float | None:
    stream = container.streams.video[0]
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / 1e6 if container.duration else _length_by_looking(container)


def _length_by_looking(container: InputContainer) -> float | None:
    """The length of a film that was written live and does not tell it: the time of its last packet."""
    stream = container.streams.video[0]
    if stream.time_base is None:
        return None
    start, last = None, None
    for packet in container.demux(stream):
        if packet.pts is not None:
            start = packet.pts if start is None else min(start, packet.pts)
            end = packet.pts + (packet.duration or 0)
            last = end if last is None else max(last, end)
    container.seek(0)
    return None if start is None or last is None else float((last - start) * stream.time_base)


def _wanted(name: str, seconds: float | None, length: float | None) -> float:
    if seconds is None:
        return 0.5 * (length or 0.0)
    if not 0.0 <= seconds <= (length if length is not None else float("inf")):
        until = f"0 to {length:.2f}" if length is not None else "0 or more"
        raise MeasureError(f"--at is {seconds:g} seconds; expected {until}, the length of {name}.")
    return seconds


def _frame_at(container: InputContainer, seconds: float) -> tuple[VideoFrame | None, float]:
    """The frame nearest to a time, or the last one; frames that are damaged are passed over."""
    import av

    stream = container.streams.video[0]
    start = float((stream.start_time or 0) * stream.time_base) if stream.time_base is not None else 0.0
    if stream.time_base is not None and seconds > 0:
        container.seek(int((seconds + start) / stream.time_base), stream=stream)
    half = 0.5 / float(stream.average_rate) if stream.average_rate else 0.0
    found, time = None, 0.0
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            found, time = frame, float(frame.time or 0.0) - start
            if time >= seconds - half:
                return found, time
    return found, time
