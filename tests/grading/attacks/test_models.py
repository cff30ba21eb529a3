"""Models made to do more than predict: refused before they run, or ended where they run."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeRegressor

from grader.contract import Kind, Plane
from grader.csvfile import SubmissionRejected
from grader.kinds import KINDS
from grader.kinds.onnx import MOST_PARTS
from grader.runner.client import RunnerUnavailable
from tests.grading import onnx_files
from tests.grading.onnx_files import FLOAT, model, node, number, part, tensor, value

PRICE, ANSWER = [value("price", FLOAT)], [value("answer", FLOAT, columns=2)]


def run(sandbox, kind: Kind, data: bytes, **limits):
    return sandbox.run(kind, data, on=Plane.SAMPLE, **limits)


def code_of(done) -> str:
    return done.problems[0].code if done.problems else "answered"


def external(path: str) -> bytes:
    """A weight that says it lies in another file."""
    location = part(13, part(1, "location") + part(2, path))
    return tensor("w", dims=[1], more=location + number(14, 1))


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../etc/passwd", "weights.bin", "/proc/self/mem"])
def test_onnx_weights_in_other_files_are_refused(sandbox, path):
    data = model(
        nodes=[node("Add", ["price", "w"], ["answer"])], inputs=PRICE, outputs=ANSWER, weights=[external(path)]
    )

    assert code_of(run(sandbox, Kind.ONNX, data)) == "onnx_external"


def test_external_weights_hidden_in_attributes_and_functions_are_found(sandbox):
    constant = part(5, part(1, "value") + part(5, external("/etc/passwd")) + number(20, 4))
    inner = part(1, node("Constant", [], ["w"], attributes=constant)) + part(2, "inner")
    branch = part(5, part(1, "then_branch") + part(6, inner) + number(20, 5))
    function = part(25, part(1, "f") + part(7, node("Constant", [], ["w"], attributes=constant)) + part(10, "ai.onnx"))
    sparse = part(5, part(1, "sparse") + part(22, part(1, external("/etc/passwd"))) + number(20, 11))
    models = [
        model(nodes=[node("Constant", [], ["w"], attributes=constant)], inputs=PRICE, outputs=ANSWER),
        model(nodes=[node("If", ["price"], ["answer"], attributes=branch)], inputs=PRICE, outputs=ANSWER),
        model(nodes=[node("Identity", ["price"], ["answer"])], inputs=PRICE, outputs=ANSWER, more=function),
        model(nodes=[node("Constant", [], ["w"], attributes=sparse)], inputs=PRICE, outputs=ANSWER),
    ]

    assert [code_of(run(sandbox, Kind.ONNX, data)) for data in models] == ["onnx_external"] * 4


@pytest.mark.parametrize("domain", ["com.microsoft", "evil", "ai.onnx.training", "com.microsoft.experimental"])
def test_operators_outside_the_standard_are_refused(sandbox, domain):
    by_node = model(nodes=[node("Op", ["price"], ["answer"], domain=domain)], inputs=PRICE, outputs=ANSWER)
    by_import = model(
        nodes=[node("Identity", ["price"], ["answer"])], inputs=PRICE, outputs=ANSWER, domains=["", domain]
    )

    assert [code_of(run(sandbox, Kind.ONNX, data)) for data in (by_node, by_import)] == ["onnx_domain"] * 2


@pytest.mark.parametrize(
    "data",
    [
        b"onnx",
        b"\x08" * 1000,
        b"\xff" * 1000,
        onnx_files.good()[:-1],
        part(7, b"") * 2,
        part(7, part(1, b"")) + part(7, b"\x0f"),
        number(1, 8) + part(7, part(5, b"\x08\x01") * (MOST_PARTS + 1)),
    ],
    ids=["text", "numbers", "ones", "cut", "two graphs", "groups", "too many parts"],
)
def test_damaged_models_are_refused_before_they_are_loaded(sandbox, data):
    assert code_of(run(sandbox, Kind.ONNX, data)) in ("onnx_damaged", "onnx_inputs")


def test_graphs_within_graphs_end_somewhere(sandbox):
    graph = part(2, "inner")
    for _ in range(200):
        graph = part(1, node("If", ["x"], ["y"], attributes=part(5, part(6, graph) + number(20, 5)))) + part(2, "g")
    data = number(1, 8) + part(8, number(2, 17)) + part(7, graph)

    assert code_of(run(sandbox, Kind.ONNX, data)) == "onnx_damaged"


def test_a_model_that_wants_all_memory_ends_alone(sandbox):
    shape = number(1, 2) + number(2, 7) + part(8, "s") + part(9, np.array([2**20, 2**20]).tobytes())
    nodes = [
        node("ConstantOfShape", ["s"], ["big"]),
        node("ReduceSum", ["big"], ["sum"]),
        node("Add", ["sum", "price"], ["answer"]),
    ]
    data = model(nodes=nodes, inputs=PRICE, outputs=ANSWER, weights=[shape])

    assert code_of(run(sandbox, Kind.ONNX, data)) in ("run_error", "run_memory", "run_crashed")
    assert code_of(run(sandbox, Kind.ONNX, onnx_files.good())) == "answered"


def test_a_model_that_loops_for_ever_ends_in_time(sandbox):
    body = part(1, node("Identity", ["c"], ["c2"])) + part(1, node("Identity", ["v"], ["v2"])) + part(2, "body")
    body += part(11, scalar("i", 7)) + part(11, scalar("c", 9)) + part(11, value("v", FLOAT))
    body += part(12, scalar("c2", 9)) + part(12, value("v2", FLOAT))
    loop = node(
        "Loop", ["", "true", "price"], ["answer"], attributes=part(5, part(1, "body") + part(6, body) + number(20, 5))
    )
    true = number(2, 9) + part(8, "true") + part(9, b"\x01")
    graph = part(1, loop) + part(2, "g") + part(5, true) + part(11, PRICE[0]) + part(12, value("answer", FLOAT))

    done = run(sandbox, Kind.ONNX, number(1, 8) + part(8, number(2, 17)) + part(7, graph), seconds=1.0)

    assert code_of(done) == "run_timeout"
    assert done.seconds < 4


def scalar(name: str, kind: int) -> bytes:
    return part(1, name) + part(2, part(1, number(1, kind) + part(2, b"")))


def saved(model: object) -> bytes:
    return skops.io.dumps(model)


def changed(data: bytes, change) -> bytes:
    """The file with its schema changed."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "schema.json":
                schema = json.loads(content)
                change(schema)
                content = json.dumps(schema).encode()
            archive.writestr(name, content)
    return target.getvalue()


FITTED = LinearRegression().fit([[0.0, 0.0], [1.0, 1.0]], [[0.0, 0.0], [1.0, 1.0]])


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("builtins", "eval"), ("subprocess", "Popen"), ("numpy", "load"), ("pathlib", "Path")],
)
def test_skops_types_that_are_not_ours_are_refused(sandbox, module, name):
    def as_type(schema):
        schema["content"]["__module__"], schema["content"]["__class__"] = module, name

    def as_function(schema):
        schema["content"]["content"]["fit_intercept"] = {
            "__class__": "function", "__module__": "builtins", "__loader__": "FunctionNode", "__id__": 7,
            "content": {"module_path": module, "function": name},
        }  # fmt: skip

    for change in (as_type, as_function):
        assert code_of(run(sandbox, Kind.SKOPS, changed(saved(FITTED), change))) == "skops_types"


def test_functions_of_ones_own_are_refused(sandbox):
    assert code_of(run(sandbox, Kind.SKOPS, saved(FunctionTransformer(json.loads)))) == "skops_types"


def test_a_file_does_not_decide_what_is_trusted(sandbox):
    def trusting(schema):
        schema["trusted"] = ["os.system"]
        schema["content"]["__module__"], schema["content"]["__class__"] = "os", "system"

    assert code_of(run(sandbox, Kind.SKOPS, changed(saved(FITTED), trusting))) == "skops_types"


def test_zip_bombs_are_refused_by_their_directory(sandbox):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", "{}")
        with archive.open("bomb.npy", "w", force_zip64=True) as file:
            for _ in range(500):
                file.write(bytes(1_000_000))

    assert len(target.getvalue()) < 1_000_000
    assert code_of(run(sandbox, Kind.SKOPS, target.getvalue())) == "skops_bomb"


def test_a_bomb_that_lies_about_its_size_ends_in_the_sandbox(sandbox):
    array = np.lib.format
    target = io.BytesIO()
    header = io.BytesIO()
    array.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**9,)})

    def pointing(schema):
        schema["content"]["content"]["coef_"] = {
            "__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode", "__id__": 9, "type": "numpy", "file": "big.npy",
        }  # fmt: skip

    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.npy", header.getvalue() + bytes(1000))
        source = zipfile.ZipFile(io.BytesIO(changed(saved(FITTED), pointing)))
        for name in source.namelist():
            archive.writestr(name, source.read(name))

    assert code_of(run(sandbox, Kind.SKOPS, target.getvalue())) in ("run_error", "run_memory", "run_crashed")


def test_paths_inside_the_archive_lead_nowhere(sandbox):
    target = io.BytesIO(saved(FITTED))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("../../../../box/evil.py", "x")
        archive.writestr("/etc/passwd", "x")

    assert code_of(run(sandbox, Kind.SKOPS, target.getvalue())) in ("run_error", "answer_not_integer", "answered")


def test_a_pickle_inside_is_not_opened(sandbox):
    def pickled(schema):
        schema["content"]["content"]["coef_"] = {
            "__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode", "__id__": 9, "type": "numpy", "file": "x.npy",
        }  # fmt: skip

    header = io.BytesIO()
    np.save(header, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("x.npy", header.getvalue())
        source = zipfile.ZipFile(io.BytesIO(changed(saved(FITTED), pickled)))
        for name in source.namelist():
            archive.writestr(name, source.read(name))

    done = run(sandbox, Kind.SKOPS, target.getvalue())

    assert code_of(done) == "run_error"
    assert "allow_pickle" in done.log


def test_a_wild_tree_crashes_alone(sandbox):
    """Allow-listing is no memory safety: a tree may point anywhere; the sandbox is what holds."""
    tree = DecisionTreeRegressor(max_depth=2).fit(
        [[0.0, 0], [1, 0], [2, 1], [3, 1]], [[0.0, 0], [1, 1], [2, 2], [3, 3]]
    )
    state = tree.tree_.__getstate__()
    state["nodes"]["left_child"][0] = state["nodes"]["right_child"][0] = 2**40
    tree.tree_.__setstate__(state)

    done = run(sandbox, Kind.SKOPS, saved(tree))

    assert code_of(done) in ("run_crashed", "run_error")
    assert code_of(run(sandbox, Kind.ONNX, onnx_files.good())) == "answered"


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"text", saved(FITTED)[:-30]])
def test_damaged_archives_are_refused(sandbox, data):
    assert code_of(run(sandbox, Kind.SKOPS, data)) == "skops_damaged"


def test_a_model_that_has_not_been_checked_is_no_danger_either(sandbox, monkeypatch):
    """Whoever gets past the check is still in the sandbox, and skops still asks for trust."""

    def as_function(schema):
        schema["content"]["__module__"], schema["content"]["__class__"] = "os", "system"

    monkeypatch.setattr(type(KINDS[Kind.SKOPS]), "inspect", lambda *_: None)
    monkeypatch.setattr(type(KINDS[Kind.ONNX]), "inspect", lambda *_: None)
    data = model(
        nodes=[node("Add", ["price", "w"], ["answer"])], inputs=PRICE, outputs=ANSWER, weights=[external("/etc/passwd")]
    )

    skops_end = code_of(run(sandbox, Kind.SKOPS, changed(saved(FITTED), as_function)))
    onnx_end = code_of(run(sandbox, Kind.ONNX, data))

    assert (skops_end, onnx_end) == ("run_error", "run_error")


def test_refusals_are_exceptions_of_the_check_and_never_of_the_run(sandbox):
    with pytest.raises(SubmissionRejected):
        KINDS[Kind.ONNX].check(b"x", sandbox.pack)
    assert not issubclass(SubmissionRejected, RunnerUnavailable)
