"""A person's record as FHIR R4, for other health software: one Bundle of what was told, measured, found and planned.

The mapping and the codes are those of `terminology.yaml`, and its rules hold: our own code and a plain text always,
ICD-10-CM and LOINC beside them where the table has one, no SNOMED CT (each deployer needs a licence). A probability is
never sent as a diagnosis: sources of pain are predictions of a RiskAssessment, and nothing becomes a Condition. Without
`named` the person is an identifier and a year of birth. Files are not in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psoas.knowledge import Knowledge
from psoas.knowledge.words import Words

Resource = dict[str, Any]

UNITS = {"deg": "deg", "cm": "cm", "m": "m", "s": "s"}
"""UCUM by the unit of a measurement; a grade is a number without one."""
SEVERITIES = {"emergency_now": "high", "same_day": "high", "urgent_referral": "moderate", "routine_referral": "low"}
NOT_A_DIAGNOSIS = (
    "Computed by Psoas from what was told and tested. Probabilities of sources of pain in percent, not diagnoses; "
    "ICD-10-CM codes are the nearest there are."
)


def fhir_bundle(record: Mapping[str, Any], knowledge: Knowledge, *, named: bool) -> Resource:
    """The record of one person as a FHIR R4 Bundle of the type collection.

    Args:
        record: as `psoas.records.bundle` gathers it.
        named: with name and day of birth; otherwise with the id and the year of birth.
    """
    writer = _Writer(record["person"], Words(knowledge))
    resources = list(writer.everything(record, named=named))
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _moment(record["made_at"]),
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
    }


@dataclass(frozen=True)
class _Writer:
    """Resources about one person."""

    person: Mapping[str, Any]
    words: Words

    def everything(self, record: Mapping[str, Any], *, named: bool) -> Iterator[Resource]:
        yield self._patient(named=named)
        for visit in record["visits"]:
            yield from self._whole(visit["id"], self._visit(visit))
            for result in visit["results"]:
                yield from self._whole(result["id"], self._result(result))
        for plan in _latest(record["plans"]):
            yield from self._whole(plan["id"], self._plan(plan))
        for check_in in record["check_ins"]:
            yield from self._whole(check_in["id"], self._check_in(check_in))
        for trial in record.get("trials", ()):
            for entry in trial["entries"]:
                yield from self._whole(entry["id"], self._tried(trial, entry))
        for response in record["responses"]:
            sent = {"sent": _moment(response["made_at"]), "payload": [{"contentString": response["words"]}]}
            yield self._of("Communication", response["id"], status="completed", **sent)

    def _whole(self, own: str, parts: Iterator[Resource]) -> list[Resource]:
        """Everything of one record, or a word that it cannot be said: a program may have kept what no page makes."""
        try:
            return list(parts)
        except (KeyError, TypeError, ValueError, AttributeError):
            what = {
                "severity": "warning",
                "code": "not-supported",
                "diagnostics": f"Record {own} is not expressed here.",
            }
            return [{**self._new("OperationOutcome", own, "not expressed"), "issue": [what]}]

    # ---- the person

    def _patient(self, *, named: bool) -> Resource:
        person = self.person
        made = self._new("Patient", person["id"])
        made["identifier"] = [{"system": "urn:psoas:person", "value": person["id"]}]
        made["gender"] = person["sex"]  # our words are those of FHIR
        if person["birth_date"]:
            made["birthDate"] = person["birth_date"] if named else person["birth_date"][:4]
        if named:
            given, family = person["given_name"], person["family_name"]
            made["name"] = [{**({"family": family} if family else {}), **({"given": [given]} if given else {})}]
        return made

    # ---- a visit

    def _visit(self, visit: Mapping[str, Any]) -> Iterator[Resource]:
        case, at = visit["case"], _moment(visit["changed_at"])
        items = [*self._findings(case.get("findings", {})), *self._told(case)]
        if items:
            status = "in-progress" if visit["state"] == "open" else "completed"
            yield self._answers(visit["id"], "visit", at, status, items)
        pain = case.get("pain", {})
        if isinstance(worst := pain.get("worst_overall_0_10"), int):
            yield self._pain(visit["id"], "worst", at, worst)
        for region, rating in pain.get("regions", {}).items():
            where = {"bodySite": {"coding": [self._own(region)], "text": self.words.region(region)}}
            if rating is None:
                value = {"code": self._concept("pain_marked", "Pain marked on the drawing"), "valueBoolean": True}
                yield self._seen(visit["id"], region, at, **value, **where)
            else:
                yield self._pain(visit["id"], region, at, round(rating), **where)
        for at_place, reading in enumerate(case.get("measurements", ())):
            yield self._measured(visit["id"], f"measured {at_place}", at, reading)
        for kind in ("medicines", "supplements"):
            for name in case.get(kind, ()):
                medicine = {"text": name.replace("_", " ")}
                taken = {"status": "active", "medicationCodeableConcept": medicine, "effectiveDateTime": at}
                yield self._of("MedicationStatement", visit["id"], kind, name, **taken)
        for goal in case.get("goals", ()):
            yield self._of("Goal", visit["id"], goal, lifecycleStatus="proposed", description={"text": goal})

    def _findings(self, findings: Mapping[str, Any]) -> Iterator[Resource]:
        """Answers that were given; what is unknown is left out."""
        for name, answer in findings.items():
            item = {"linkId": name, "text": self.words.of(name)}
            if isinstance(answer, dict):
                sides = [
                    {"linkId": f"{name}.{side}", "text": side, "answer": [{"valueCoding": self._own(said)}]}
                    for side, said in answer.items()
                    if said != "unknown"
                ]
                if sides:
                    yield {**item, "item": sides}
            elif answer != "unknown":
                yield {**item, "answer": [{"valueCoding": self._own(answer)}]}

    def _told(self, case: Mapping[str, Any]) -> Iterator[Resource]:
        """What a case says beside findings."""
        pain = case.get("pain", {})
        if (weeks := pain.get("duration_weeks")) is not None:
            yield {"linkId": "pain.duration_weeks", "text": "Duration, weeks", "answer": [{"valueDecimal": weeks}]}
        texts = {f"pain.{name}": pain[name] for name in ("onset", "course") if pain.get(name)}
        texts |= {"notes": case["notes"]} if case.get("notes") else {}
        for name, said in texts.items():
            yield {"linkId": name, "text": _plain(name), "answer": [{"valueString": str(said)}]}
        if illnesses := case.get("conditions"):
            told = [{"valueString": self.words.of(name)} for name in illnesses]
            yield {"linkId": "conditions", "text": "Known illnesses and operations, as told", "answer": told}

    # ---- a result

    def _result(self, result: Mapping[str, Any]) -> Iterator[Resource]:
        answer, at = result["answer"], _moment(result["made_at"])
        by = f"Psoas {result['psoas_version']}, evidence {result['knowledge_sha256'][:12]}"
        predictions = [self._prediction(one) for one in answer.get("differential", ())]
        if (none := answer.get("no_single_source")) is not None:
            outcome = self._concept("no_single_source", "No single source found")
            predictions.append({"outcome": outcome, "probabilityDecimal": _percent(none)})
        if predictions:
            about = {"method": {"text": by}, "note": [{"text": NOT_A_DIAGNOSIS}], "prediction": predictions}
            yield self._of("RiskAssessment", result["id"], status="final", occurrenceDateTime=at, **about)
        screen = answer.get("screen", {})
        for place, alarm in enumerate(screen.get("alarms", ())):
            about = {
                "code": self._concept(alarm["condition"], self.words.condition(alarm["condition"])),
                "severity": SEVERITIES.get(alarm["urgency"], "low"),
                "identifiedDateTime": at,
                "detail": alarm["say"],
                "mitigation": [{"action": {"text": alarm["do"]}}],
            }
            yield self._of("DetectedIssue", result["id"], f"alarm {place}", status="preliminary", **about)
        for kind in ("forbidden", "not_cleared"):
            for technique in dict.fromkeys(one["technique"] for one in screen.get(kind, ())):
                code = self._concept(technique, self.words.technique(technique))
                order = {"status": "active", "intent": "proposal", "doNotPerform": True, "authoredOn": at}
                yield self._of("ServiceRequest", result["id"], kind, technique, code=code, **order)

    def _prediction(self, ranked: Mapping[str, Any]) -> Resource:
        name = ranked["source"]
        low, high = ranked["interval_90"]
        outcome = self._concept(name, self.words.source(name))
        outcome["coding"] += self._nearest_icd(name)
        says = f"90 % range {_percent(low):g} to {_percent(high):g} %; responsible for {ranked['responsibility']:.0%}"
        return {"outcome": outcome, "probabilityDecimal": _percent(ranked["probability"]), "rationale": says}

    def _nearest_icd(self, name: str) -> list[Resource]:
        pack = self.words.knowledge
        if (code := pack.sources_of_pain.conditions[name].icd10_cm) is None:
            return []
        shown = (one for known in pack.terminology.conditions.values() for one in known.icd_10_cm if one.code == code)
        display = {"display": first.display} if (first := next(shown, None)) is not None else {}
        return [{"system": self._system("icd_10_cm"), "code": code, **display}]

    # ---- a plan

    def _plan(self, plan: Mapping[str, Any]) -> Iterator[Resource]:
        at, chosen = _moment(plan["made_at"]), plan["content"].get("plan", {}).get("chosen", ())
        orders = [
            self._of(
                "ServiceRequest", plan["id"], item["id"], status="active", intent="plan", authoredOn=at,
                code=self._concept(item["id"], item["name"]),
                **_instruction(item),
            )
            for item in chosen
        ]  # fmt: skip
        activity = [{"reference": {"reference": f"urn:uuid:{one['id']}"}} for one in orders]
        about = {
            "title": f"Plan, version {plan['number']}",
            "created": at,
            **({"activity": activity} if orders else {}),
            **_what_for(plan["content"].get("plan", {})),
        }
        yield self._of("CarePlan", plan["id"], status="active", intent="plan", **about)
        yield from orders

    # ---- a check-in

    def _check_in(self, check_in: Mapping[str, Any]) -> Iterator[Resource]:
        told, at, own = check_in["content"], _moment(check_in["made_at"]), check_in["id"]
        items = list(self._findings(told.get("danger", {})))
        items += [
            {"linkId": name, "text": _plain(name), "answer": [{"valueString": str(told[name])}]}
            for name in ("adverse", "kept_to_plan", "sore_over_48h")
            if told.get(name)
        ]
        if items:
            yield self._answers(own, "check-in", at, "completed", items)
        if isinstance(pain := told.get("pain_0_10"), int):
            yield self._pain(own, "pain", at, pain)
        scores = {name: value for name, value in told.get("activities", {}).items() if value is not None}
        scores |= {_plain(name): told[name] for name in ("change", "sleep_0_10") if told.get(name) is not None}
        for name, score in scores.items():
            yield self._scored(own, name, at, score)
        for place, reading in enumerate(told.get("measurements", ())):
            yield self._measured(own, f"measured {place}", at, reading)

    # ---- a trial on this person alone

    def _tried(self, trial: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Resource]:
        """A reading of a re-test, a day of a trial over weeks, or the word of a look."""
        told, own = entry["content"], entry["id"]
        reading, at = told.get("reading", told), told.get("day") or _moment(entry["made_at"])
        note = {"note": [{"text": f"Trial on one person: {trial['content']['treatment']}"}]}
        if isinstance(pain := reading.get("pain_0_10"), int):
            yield self._pain(own, "trial", at, pain, **note)
        if isinstance(score := reading.get("activity_0_10"), int):
            yield self._scored(own, trial["content"].get("activity") or "activity", at, score)
        if look := told.get("look"):
            code = self._concept("trial_verdict", "What a trial on one person settled")
            yield self._seen(own, "look", at, code=code, valueString=look["word"], **note)

    # ---- kinds of resources

    def _answers(self, own: str, kind: str, at: str, status: str, items: Sequence[Resource]) -> Resource:
        about = {"questionnaire": f"urn:psoas:questionnaire:{kind}", "authored": at, "item": list(items)}
        return self._of("QuestionnaireResponse", own, status=status, **about)

    def _pain(self, own: str, name: str, at: str, rating: int, **more: Any) -> Resource:
        known = self.words.knowledge.terminology.loinc["pain_and_outcomes"]
        loinc = next(one for one in known if one["id"] == "pain_nrs")
        return self._seen(
            own, f"pain {name}", at, code=self._with_loinc("pain_nrs", loinc), valueInteger=rating, **more
        )

    def _scored(self, own: str, name: str, at: str, score: float) -> Resource:
        known = self.words.knowledge.terminology.loinc["any_questionnaire_score"]
        parts = [
            {"code": self._with_loinc("name", known["name"]), "valueString": name},
            {"code": self._with_loinc("score", known["score"]), "valueQuantity": {"value": score, "code": "{score}",
             "unit": "score", "system": self._system("ucum")}},
        ]  # fmt: skip
        panel = self._with_loinc("patient_reported_measure", known["panel"])
        return self._seen(own, f"score {name}", at, code=panel, component=parts)

    def _measured(self, own: str, name: str, at: str, reading: Mapping[str, Any]) -> Resource:
        about = self.words.knowledge.findings.measurement_ids[reading["id"]]
        value = reading[about.value]
        unit = UNITS.get(about.unit)
        told: Resource = {"code": self._concept(about.id, about.plain)}
        if unit is None:
            told["valueInteger"] = round(value)
        else:
            told["valueQuantity"] = {"value": value, "unit": about.unit, "system": self._system("ucum"), "code": unit}
        if side := reading.get("side"):
            told["bodySite"] = {"text": side}
        said = [f"pelvis {reading['pelvis']}"] if reading.get("pelvis") else []
        said += [reading["method"]] if reading.get("method") else []
        if said:
            told["method"] = {"text": ", ".join(said)}
        return self._seen(own, name, at, **told)

    def _seen(self, own: str, name: str, at: str, **about: Any) -> Resource:
        return self._of("Observation", own, name, status="final", effectiveDateTime=at, **about)

    # ---- codes and ids

    def _of(self, kind: str, own: str, *names: str, **about: Any) -> Resource:
        """A resource about the person, which some kinds call the subject and one the patient."""
        who = "patient" if kind == "DetectedIssue" else "subject"
        made = self._new(kind, own, kind, *names)
        return {**made, who: {"reference": f"urn:uuid:{_uuid(self.person['id'])}"}, **about}

    def _new(self, kind: str, own: str, *names: str) -> Resource:
        return {"resourceType": kind, "id": _uuid(own, *names)}

    def _concept(self, code: str, text: str) -> Resource:
        return {"coding": [self._own(code)], "text": text}

    def _own(self, code: str) -> Resource:
        return {"system": self._system("own"), "code": code}

    def _with_loinc(self, own: str, loinc: Mapping[str, Any]) -> Resource:
        coding = {"system": self._system("loinc"), "code": loinc["code"], "display": loinc["display"]}
        return {"coding": [self._own(own), coding], "text": loinc["display"]}

    def _system(self, name: str) -> str:
        return self.words.knowledge.terminology.code_systems[name].uri


def _uuid(own: str, *names: str) -> str:
    """The record's id as a UUID; for what a record is taken apart into, one that is always the same."""
    base = uuid.UUID(own)
    return str(uuid.uuid5(base, "/".join(names)) if names else base)


def _moment(text: str) -> str:
    """An instant as FHIR has it: to the second, with its zone."""
    day, _, time = text.partition("T")
    return f"{day}T{time[:8]}Z"


def _plain(name: str) -> str:
    text = name.rpartition(".")[2].replace("_0_10", "").replace("_", " ")
    return text[:1].upper() + text[1:]


def _instruction(item: Mapping[str, Any]) -> Resource:
    """What to do, how much, and when more; of a referral what should be checked and what to do until then."""
    said = [item.get("say"), item.get("dose_words")]
    if more := item.get("progress_when"):
        said.append(f"More when: {more[:1].lower()}{more[1:]}" if item.get("order") in (3, 4) else None)
    said.append(f"To be checked: {'; '.join(item['check'])}." if item.get("check") else None)
    said.append(f"Until then: {item['until_seen']}" if item.get("until_seen") else None)
    reasons = [{"text": item["because"]}] if isinstance(item.get("because"), str) and item["because"] else []
    told = " ".join(text for text in said if text)
    return {**({"patientInstruction": told} if told else {}), **({"reasonCode": reasons} if reasons else {})}


def _what_for(content: Mapping[str, Any]) -> Resource:
    """What the plan is for, in its first line, and what is measured again."""
    aim, again = content.get("aim"), content.get("retest")
    told: Resource = {"description": aim["sentence"]} if aim else {}
    if again:
        words = (f"After {again['after_weeks']} weeks: {again['what']}", f"Enough: {again['enough']}")
        told["note"] = [{"text": "; ".join((*words, f"If not: {again['if_not']}"))}]
    return told


def _percent(share: float) -> float:
    return round(100 * share, 1)


def _latest(plans: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The newest version of the plan of each visit."""
    newest: dict[str, Mapping[str, Any]] = {}
    for plan in plans:
        if plan["visit_id"] not in newest or plan["number"] > newest[plan["visit_id"]]["number"]:
            newest[plan["visit_id"]] = plan
    return list(newest.values())
