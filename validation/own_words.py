"""How well a story is heard: sentences in lay words, none of them a wording of the packs or of the synonyms.

python -m validation.own_words
"""

from __future__ import annotations

from pathlib import Path

from psoas.own_words import tell

FOLDER = Path(__file__).parents[1] / "tests" / "own_words"
HARMLESS = (
    "My low back has ached for two weeks after gardening. Sitting at the desk makes it worse, walking helps. "
    "I have no numbness and no weakness. I sleep well. I take paracetamol sometimes.",
    "The outside of my left hip hurts when I lie on it and on the stairs. It began slowly in spring. I am 58. "
    "I walk the dog every day. No fever, no weight loss.",
    "Since a football match my groin is sore when I kick or squeeze my legs together. I feel fit otherwise.",
)


def hits(name: str) -> str:
    """First place, first five, and nowhere, over the sentences of a file."""
    rows = [line.split("|") for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]
    first = five = 0
    for wanted, sentence in rows:
        heard = tell(sentence)
        ids = [row.id for row in sorted((*heard.dangers, *heard.proposals), key=lambda row: -row.nearness)]
        first += ids[:1] == [wanted]
        five += wanted in ids[:5]
    shares = f"first {first} ({first / len(rows):.0%}), first five {five} ({five / len(rows):.0%})"
    return f"{name}: {len(rows)} sentences, {shares}"


def main() -> None:
    for name in ("dangers.txt", "findings.txt"):
        print(hits(name))
    for story in HARMLESS:
        asked = [row.id for row in tell(story).dangers if row.answer == "ask"]
        print(f"danger questions of a harmless story: {len(asked)} ({', '.join(asked)})")


if __name__ == "__main__":
    main()
