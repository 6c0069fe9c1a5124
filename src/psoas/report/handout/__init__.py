"""What a person takes home and what a doctor gets: PDFs, tagged for screen readers (PDF/UA-1).

`client_pdf` is two pages for the client; `doctor_letter_pdf` one for a clinician. Typst is loaded only then.
"""

from psoas.report.handout._client import working_side
from psoas.report.handout._letter import Clinician, Patient
from psoas.report.handout._pocket import pocket_data
from psoas.report.handout._sheets import client_pdf, doctor_letter_pdf
from psoas.report.handout._words import Options, Practice, client_words

__all__ = [
    "Clinician",
    "Options",
    "Patient",
    "Practice",
    "client_pdf",
    "client_words",
    "doctor_letter_pdf",
    "pocket_data",
    "working_side",
]
