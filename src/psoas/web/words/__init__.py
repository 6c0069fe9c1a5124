"""Words that pages say and that are not part of a template."""

SAID = {
    "added": "Added.",
    "finished": "The visit is finished.",
    "cancelled": "The visit is cancelled. What it holds is kept.",
    "noted": "The note is saved. Earlier versions are kept.",
    "agreed": "The consent is on record.",
    "imported": "The people were brought in.",
    "merged": "The two are one person now. It can be undone below.",
    "unmerged": "The merge is undone.",
    "plan-kept": "The plan is saved. Earlier versions are kept.",
    "computed": "A new result was computed from the answers as they stand. The earlier one is kept.",
    "unchanged": "The answers have not changed since; the result stands.",
    "changed": "The change is saved.",
    "measured": "The angle is kept in the visit.",
    "erased": "The person and everything kept about them is erased.",
    "disabled": "This account can no longer sign in. Its open sessions have ended.",
    "password": "The password is changed.",
    "first-password": "Somebody else chose your password. Change it now; then everything else opens.",
    "score-kept": "The score is kept.",
    "in-diary": "Noted. Your practice sees it.",
    "dealt-with": "Kept. Nobody is waited for on account of that check-in any more.",
    "withdrawn": "The link no longer works.",
    "signed-out": "You are signed out.",
    "not-kept": "You had been signed out, so what you last sent was not saved. Sign in and send it again.",
    "kept-for-you": "You had been signed out, so what you typed is not saved yet. Sign in, and you can save it.",
}
"""What is said after a redirect, by the word in the address (`?said=added`); an unknown word says nothing."""

DONE = {
    "practice.set_up": "made the practice",
    "practice.study_export": "wrote the trials into a file for a study",
    "person.add": "added a person",
    "person.change": "changed a person",
    "person.erase": "erased a person",
    "person.export": "took a copy of a record",
    "account.sign_in": "signed in",
    "account.sign_in_failed": "could not sign in",
    "account.sign_out": "signed out",
    "account.add": "added an account",
    "account.disable": "stopped an account",
    "account.change_password": "changed the own password",
    "account.set_password": "set a password",
    "visit.start": "started a visit",
    "visit.save": "saved a visit",
    "visit.finished": "finished a visit",
    "visit.stopped": "stopped a visit for a danger sign",
    "visit.cancelled": "cancelled a visit",
    "visit.reopened": "reopened a visit",
    "note.keep": "wrote a note",
    "consent.keep": "kept a consent",
    "person.merge": "merged a person into another",
    "person.merge_into": "took another person in",
    "person.unmerge": "took a merge back",
    "result.keep": "kept a result",
    "plan.keep": "kept a plan",
    "check_in.add": "added a check-in",
    "entry.add": "noted something of a person",
    "response.add": "wrote what was done about a check-in",
    "file.add": "added a file",
    "trial.start": "started a trial",
    "trial_entry.add": "kept a reading of a trial",
    "trial_entry.stop": "stopped a trial for a danger sign",
    "client_link.make": "made a private link",
    "client_link.revoke": "withdrew a private link",
}
"""What an entry of the audit trail says, by the part of its action before a colon."""


def done(action: str) -> str:
    """An action of the audit trail in words; one that has none yet is shown as it is."""
    kind, _, more = action.partition(": ")
    words = DONE.get(kind, kind)
    return f"{words} ({more.replace('_', ' ')})" if more else words
