"""Which errors of a driver are the store's, so that a client comes back, and which are our own bug."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from reference_server.failure import failure
from reference_server.store.troubles import unusable

OF_THE_STORE = {
    "no space left": psycopg.errors.DiskFull,
    "a quota, a limit on files": psycopg.errors.InternalError_,
    "damaged data": psycopg.errors.DataCorrupted,
    "it only reads": psycopg.errors.ReadOnlySqlTransaction,
    "it is stopped": psycopg.errors.AdminShutdown,
    "SQLite's disk": sqlite3.OperationalError,
    "a broken connection": psycopg.InterfaceError,
}
OUR_OWN = {
    "a transaction gone on with after an error": psycopg.errors.InFailedSqlTransaction,
    "a statement that is none": psycopg.errors.SyntaxError,
    "a constraint": psycopg.errors.UniqueViolation,
    "a wrong use of SQLite": sqlite3.ProgrammingError,
}


@pytest.mark.parametrize("kind", OF_THE_STORE.values(), ids=OF_THE_STORE)
def test_what_the_store_cannot_do_now_is_told_as_503(kind):
    problem = kind("could not extend file base/1/2")
    assert unusable(problem)
    answer = failure(DBAPIError("INSERT", {}, problem))
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "base/1/2" not in repr(answer)


@pytest.mark.parametrize("kind", OUR_OWN.values(), ids=OUR_OWN)
def test_what_we_did_wrongly_ourselves_is_not_put_down_to_the_store(kind):
    problem = kind("something")
    assert not unusable(problem)
    assert failure(DBAPIError("INSERT", {}, problem)).status == 500
