# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_split import ScriptError, split_statements

CASES = {
    "nothing": ("", []),
    "only blanks, comments and delimiters": (" ;\n-- a;\n# b;\n/* c; */;;", []),
    "the last needs no delimiter": ("SELECT 1;\nSELECT 2", ["SELECT 1", "SELECT 2"]),
    "several on a line": ("SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"]),
    "delimiter in single quotes": ("SELECT 'a;b';SELECT 2", ["SELECT 'a;b'", "SELECT 2"]),
    "delimiter in double quotes": ('SELECT "a;b";', ['SELECT "a;b"']),
    "delimiter in backticks": ("SELECT `a;b`;", ["SELECT `a;b`"]),
    "doubled quote": ("SELECT 'it''s;';SELECT 2", ["SELECT 'it''s;'", "SELECT 2"]),
    "escaped quote": (r"SELECT 'it\'s;';SELECT 2", [r"SELECT 'it\'s;'", "SELECT 2"]),
    "escaped backslash before the end": (r"SELECT '\\';SELECT 2", [r"SELECT '\\'", "SELECT 2"]),
    "backslash in backticks is no escape": (r"SELECT `a\`;SELECT 2", [r"SELECT `a\`", "SELECT 2"]),
    "other quotes inside quotes": ("""SELECT '"`;' , "'`;" ;""", ["""SELECT '"`;' , "'`;\""""]),
    "comment signs inside quotes": ("SELECT '-- a', '# b', '/* c';", ["SELECT '-- a', '# b', '/* c'"]),
    "quote inside a line comment": ("-- it's\nSELECT 1;", ["SELECT 1"]),
    "quote inside a block comment": ("/* it's */SELECT 1;", ["SELECT 1"]),
    "comment between words": ("SELECT/* x */1;", ["SELECT 1"]),
    "two hyphens without blank are no comment": ("SELECT 5--2;", ["SELECT 5--2"]),
    "two hyphens where a statement starts": ("  --it's\nSELECT 1\n--2;", ["SELECT 1\n--2"]),
    "two hyphens at the end of a line": ("SELECT 1 --\n;SELECT 2", ["SELECT 1", "SELECT 2"]),
    "block comment over lines": ("SELECT 1 /* a;\n b; */ + 1;", ["SELECT 1   + 1"]),
    "versioned comment is kept": (
        "CREATE TABLE a (b INT) /*!50100 PARTITION BY KEY (b) */;",
        ["CREATE TABLE a (b INT) /*!50100 PARTITION BY KEY (b) */"],
    ),
    "hint is kept": ("SELECT /*+ MAX_EXECUTION_TIME(1) ; */ 1;", ["SELECT /*+ MAX_EXECUTION_TIME(1) ; */ 1"]),
    "procedure": (
        "DELIMITER $$\nCREATE PROCEDURE p ()\nBEGIN\n  SELECT ';';\n  SELECT 2;\nEND$$\nDELIMITER ;\nCALL p;",
        ["CREATE PROCEDURE p ()\nBEGIN\n  SELECT ';';\n  SELECT 2;\nEND", "CALL p"],
    ),
    "delimiter in small letters, repeated": ("delimiter $$\n\ndelimiter $$\nSELECT 1$$", ["SELECT 1"]),
    "delimiter of letters": ("DELIMITER go\nSELECT 1 go\nSELECT 2;3 go", ["SELECT 1", "SELECT 2;3"]),
    "delimiter in quotes": ("DELIMITER '//'\nSELECT 1//SELECT 2//", ["SELECT 1", "SELECT 2"]),
    "delimiter of hyphens wins over the comment": ("DELIMITER --\nSELECT 1--\nSELECT 2--", ["SELECT 1", "SELECT 2"]),
    "delimiter ends what stands before it": ("SELECT 1\nDELIMITER $$\nSELECT 2$$", ["SELECT 1", "SELECT 2"]),
    "delimiter as part of a word": ("SELECT my_delimiter , `delimiter x`;", ["SELECT my_delimiter , `delimiter x`"]),
    "delimiter inside a comment": ("-- DELIMITER $$\n/* DELIMITER $$ */SELECT 1;", ["SELECT 1"]),
    "backslash g": ("SELECT 1\\gSELECT 2\\G", ["SELECT 1", "SELECT 2"]),
    "line ends of Windows": ("SELECT 1;\r\n-- x\r\nSELECT 2;\r\n", ["SELECT 1", "SELECT 2"]),
}


@pytest.mark.parametrize(("script", "statements"), CASES.values(), ids=CASES)
def test_splits_as_the_client_does(script: str, statements: list[str]) -> None:
    assert split_statements(script) == statements


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("SELECT 1;\nSELECT 'a;", "line 2: a ' is never closed"),
        ("SELECT `a;", "a ` is never closed"),
        ("\n\n/* a", "line 3: a comment is never closed"),
        ("/*+ a", "a comment is never closed"),
        ("DELIMITER \nSELECT 1", "DELIMITER has ''"),
        ("DELIMITER a\\b\nSELECT 1", "expected one without backslash"),
    ],
)
def test_refuses_what_never_ends(script: str, message: str) -> None:
    with pytest.raises(ScriptError) as error:
        split_statements(script)
    assert message in str(error.value)
