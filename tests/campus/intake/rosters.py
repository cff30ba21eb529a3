"""OneRoster packages as a university's system exports them."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence

USERS = (
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,"
    "phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,"
    "preferredFamilyName,primaryOrgSourcedId,pronouns,metadata.jp.kanaGivenName,metadata.jp.kanaFamilyName"
)
COLUMNS = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "users": USERS,
    "roles": "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
    "userProfileSourcedId",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate",
}
OTHER_FILES = ("academicSessions", "courses", "demographics", "userProfiles", "lineItems", "results")
Lines = Sequence[Mapping[str, str]]


def user(sourced_id: str, family: str, given: str, **cells: str) -> dict[str, str]:
    """A line of users.csv."""
    address = f"{sourced_id}@uni.example"
    line = {"sourcedId": sourced_id, "enabledUser": "true", "username": address, "email": address}
    return {**line, "familyName": family, "givenName": given, "primaryOrgSourcedId": "uni", **cells}


def role(user_id: str, said: str, **cells: str) -> dict[str, str]:
    return {"sourcedId": f"role-{user_id}", "userSourcedId": user_id, "roleType": "primary", "role": said, **cells}


def enrollment(user_id: str, class_id: str, said: str = "student", **cells: str) -> dict[str, str]:
    line = {"sourcedId": f"{user_id}-{class_id}", "userSourcedId": user_id, "classSourcedId": class_id, "role": said}
    return {**line, **cells}


def study_class(sourced_id: str, title: str, **cells: str) -> dict[str, str]:
    return {"sourcedId": sourced_id, "title": title, "classType": "scheduled", **cells}


def manifest(modes: Mapping[str, str], version: str = "1.2") -> str:
    said = dict.fromkeys((*COLUMNS, *OTHER_FILES), "absent") | dict(modes)
    rows = [("propertyName", "value"), ("manifest.version", "1.0"), ("oneroster.version", version)]
    return _csv([*rows, *((f"file.{name}", mode) for name, mode in said.items())])


def _csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def file_of(name: str, lines: Lines) -> str:
    columns = COLUMNS[name].split(",")
    return _csv([columns, *([line.get(column, "") for column in columns] for line in lines)])


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def package(*, mode: str = "bulk", version: str = "1.2", folder: str = "", **files: Lines) -> bytes:
    """A zip with these files; of a delta, every line gets a status."""
    if mode == "delta":
        files = {name: [{"status": "active", **line} for line in lines] for name, lines in files.items()}
    contents = {f"{folder}{name}.csv": file_of(name, lines) for name, lines in files.items()}
    return zipped({f"{folder}manifest.csv": manifest(dict.fromkeys(files, mode), version), **contents})
