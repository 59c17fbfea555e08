"""Pictures of the products, drawn from a few ellipses and rounded boxes, as SVG and as PNG."""

import colorsys
import functools
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rounded box in a picture of 100 by 100; with r = half of w and h it is an ellipse."""

    x: float
    y: float
    w: float
    h: float
    r: float
    tone: str

    def span(self, y: float) -> tuple[float, float] | None:
        """From where to where the box covers the line at height y."""
        if not self.y <= y <= self.y + self.h:
            return None
        rx, ry = min(self.r, self.w / 2), min(self.r, self.h / 2)
        if self.r >= 50:  # an ellipse
            rx, ry = self.w / 2, self.h / 2
        depth = max(self.y + ry - y, y - (self.y + self.h - ry), 0)
        cut = rx - rx * max(1 - (depth / ry) ** 2, 0) ** 0.5 if ry else 0
        return self.x + cut, self.x + self.w - cut


_SHAPES: dict[str, tuple[Box, ...]] = {
    "mug": (Box(60, 42, 22, 26, 50, "dark"), Box(65, 47, 12, 16, 50, "back"), Box(28, 34, 40, 44, 9, "main"),
            Box(28, 30, 40, 11, 50, "light"), Box(32, 32, 32, 7, 50, "dark")),
    "cloth": (Box(24, 26, 52, 50, 4, "main"), Box(24, 34, 52, 4, 0, "light"), Box(24, 42, 52, 4, 0, "light"),
              Box(24, 64, 52, 3, 0, "dark"), Box(24, 70, 52, 6, 4, "dark")),
    "jug": (Box(62, 40, 18, 28, 50, "dark"), Box(66, 45, 10, 18, 50, "back"), Box(32, 44, 36, 36, 16, "main"),
            Box(40, 24, 20, 30, 5, "main"), Box(37, 22, 26, 7, 3, "light")),
    "candle": (Box(36, 40, 28, 42, 5, "main"), Box(36, 36, 28, 9, 50, "light"), Box(49, 29, 2, 11, 1, "dark"),
               Box(46, 17, 8, 15, 50, "flame")),
    "board": (Box(28, 18, 44, 54, 9, "main"), Box(44, 68, 12, 18, 5, "main"), Box(48, 77, 4, 4, 50, "back"),
              Box(36, 24, 3, 42, 1, "light"), Box(56, 24, 3, 42, 1, "dark")),
    "pot": (Box(33, 16, 14, 26, 50, "leaf"), Box(52, 14, 14, 28, 50, "leaf"), Box(43, 10, 14, 32, 50, "leaf"),
            Box(32, 44, 36, 38, 8, "main"), Box(28, 40, 44, 11, 3, "light")),
    "bowl": (Box(22, 30, 56, 46, 50, "main"), Box(14, 20, 72, 31, 0, "back"),
             Box(20, 44, 60, 15, 50, "light"), Box(26, 47, 48, 9, 50, "dark"), Box(40, 75, 20, 5, 2, "dark")),
    "lamp": (Box(34, 78, 32, 6, 3, "dark"), Box(48, 40, 4, 40, 1, "dark"), Box(30, 20, 40, 26, 12, "main"),
             Box(30, 38, 40, 8, 2, "light"), Box(45, 44, 10, 8, 50, "flame")),
}  # fmt: skip
_TONES = {"back": (0.24, 0.95), "main": (0.55, 0.74), "light": (0.34, 0.88), "dark": (0.62, 0.46)}


def _colour(hue: int, tone: str) -> tuple[int, int, int]:
    if tone == "flame":
        return 245, 185, 66
    if tone == "leaf":
        return 96, 137, 82
    saturation, value = _TONES[tone]
    red, green, blue = colorsys.hsv_to_rgb(hue / 360, saturation * 0.6, value)
    return round(red * 255), round(green * 255), round(blue * 255)


@functools.lru_cache
def svg(shape: str, hue: int) -> str:
    parts = [f'<rect width="100" height="100" fill="rgb{_colour(hue, "back")}"/>']
    for box in _SHAPES[shape]:
        fill = f'fill="rgb{_colour(hue, box.tone)}"'
        if box.r >= 50:
            centre = f'cx="{box.x + box.w / 2}" cy="{box.y + box.h / 2}"'
            parts.append(f'<ellipse {centre} rx="{box.w / 2}" ry="{box.h / 2}" {fill}/>')
        else:
            place = f'x="{box.x}" y="{box.y}" width="{box.w}" height="{box.h}" rx="{box.r}"'
            parts.append(f"<rect {place} {fill}/>")
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{"".join(parts)}</svg>'


@functools.lru_cache(64)
def png(shape: str, hue: int, size: int) -> bytes:
    """The same picture for mail programs, which show no SVG."""
    rows = b"".join(b"\0" + row for row in _rows(shape, hue, size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _rows(shape: str, hue: int, size: int) -> Iterator[bytes]:
    """Each line's pixels. Edges are mixed sideways only, which is enough at this size."""
    back = _colour(hue, "back")
    for line in range(size):
        row = bytearray(bytes(back) * size)
        for box in _SHAPES[shape]:
            span = box.span((line + 0.5) * 100 / size)
            if span and span[1] > span[0]:
                _paint(row, span[0] * size / 100, span[1] * size / 100, _colour(hue, box.tone))
        yield bytes(row)


def _paint(row: bytearray, start: float, end: float, colour: tuple[int, int, int]) -> None:
    first, last = int(start), min(int(end), len(row) // 3 - 1)
    row[(first + 1) * 3 : last * 3] = bytes(colour) * max(last - first - 1, 0)
    for pixel, share in ((first, first + 1 - start), (last, end - last)):
        for band in range(3):
            old = row[pixel * 3 + band]
            row[pixel * 3 + band] = round(old + (colour[band] - old) * min(max(share, 0), 1))
