"""The roles and what each may do; the answer to "who may" is data."""

from __future__ import annotations

from evaluation.platform.i18n import N_

OFFICE = "office"
SUPERVISOR = "supervisor"
EVALUATOR = "evaluator"
CLERK = "clerk"
APPROVER = "approver"
DEPARTMENT = "department"
LEADER = "leader"
AUDITOR = "auditor"

NAMES = {
    OFFICE: N_("省级管理员"),
    SUPERVISOR: N_("评价督导"),
    EVALUATOR: N_("评价员"),
    CLERK: N_("市州填报员"),
    APPROVER: N_("市州审核员"),
    DEPARTMENT: N_("责任部门"),
    LEADER: N_("领导"),
    AUDITOR: N_("审计员"),
}
ROLES = tuple(NAMES)

#: Roles that act for a city and see nothing of another city's filing.
OF_A_CITY = frozenset({CLERK, APPROVER})

#: Roles that may look at a round's work and results before publication.
BEFORE_PUBLICATION = frozenset({OFFICE, AUDITOR})
