"""The wording of what is said about models, code and notebooks, and about running them."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from grader.wording import Wording, say

FILES: dict[str, Wording] = {
    "submission_empty": say(
        "ファイルが空です（{kind}）。保存し直してから提出してください。",
        "The file is empty ({kind}). Save it again and hand that in.",
    ),
    "submission_too_large": say(
        "ファイルの大きさ（{bytes:,}バイト）が上限（{limit:,}バイト）を超えています。モデルを小さくする（木の数や深さを減らすなど）か、予測値をCSVで提出してください。",
        "The file has {bytes:,} bytes, more than the limit of {limit:,}. Make the model smaller (fewer or shallower trees), or hand in predictions as CSV.",
    ),
    "model_is_pickle": say(
        'pickle（joblib）のファイルは、開くだけでプログラムが動くおそれがあるため受け付けません。モデルをONNX（skl2onnxの to_onnx、小さくて速いのでおすすめです）か、skops（skops.io.dump(model, "model.skops")）で保存して提出してください。',
        'Pickle (joblib) files are not accepted, because opening one can run any program. Save the model as ONNX (recommended: small and fast, with to_onnx from skl2onnx) or with skops (skops.io.dump(model, "model.skops")).',
    ),
    "model_unwanted": say(
        "この教材はモデルの提出を受け付けていません。予測値をCSVファイルで提出してください。",
        "This case doesn’t accept models. Hand in predictions as a CSV file.",
    ),
    "onnx_damaged": say(
        "ONNXのモデルとして読めません。skl2onnxの to_onnx などで書き出したファイルを、そのまま提出してください。",
        "This can’t be read as an ONNX model. Hand in the file exactly as to_onnx (skl2onnx) or another exporter wrote it.",
    ),
    "onnx_domain": say(
        "標準ではない演算（{domains}）を使うモデルは受け付けません。標準の演算（ai.onnx、ai.onnx.ml）だけで書き出してください。",
        "The model uses operators outside the standard ({domains}). Export it using only the standard operators (ai.onnx, ai.onnx.ml).",
    ),
    "onnx_external": say(
        "重みを別のファイルに持つモデルは受け付けません。1つのファイルにまとめて（onnx.saveで save_as_external_data=False）書き出してください。",
        "The model keeps its weights in another file. Write it as one file (onnx.save with save_as_external_data=False).",
    ),
    "onnx_inputs": say(
        "モデルの入力の名前が合いません（「{found}」）。使える入力は次の名前だけで、1つ以上必要です：{expected}。",
        "The names of the model’s inputs don’t match (“{found}”). It can have only these, and needs at least one: {expected}.",
    ),
    "onnx_one_input": say(
        "モデルの入力が{found}個あります。{columns}列の行列を受け取る入力を1つだけにしてください。列の順：{names}。",
        "The model has {found} inputs. Give it a single input that takes a matrix of {columns} columns, in this order: {names}.",
    ),
    "onnx_one_picture_input": say(
        "モデルの入力が{found}個あります。画像を受け取る入力を1つだけにしてください（形は、枚数×高さ×幅、枚数×1×高さ×幅、枚数×画素数のどれか）。",
        "The model has {found} inputs. Give it a single input that takes the pictures, of shape (pictures, height, width), (pictures, 1, height, width) or (pictures, pixels).",
    ),
    "skops_damaged": say(
        'skopsのモデルとして読めません。skops.io.dump(model, "model.skops") で保存し直してください。',
        'This can’t be read as a skops model. Save it again with skops.io.dump(model, "model.skops").',
    ),
    "skops_bomb": say(
        "展開すると大きすぎるファイルです（上限{limit:,}バイト）。モデルを小さくするか、ONNXで保存してください。",
        "The file is too large when unpacked (limit {limit:,} bytes). Make the model smaller, or save it as ONNX.",
    ),
    "skops_types": say(
        "受け付けていない型が含まれています（{types}）。scikit-learnの標準の部品だけで作るか、ONNXで保存してください。",
        "The file contains types that are not accepted ({types}). Use only scikit-learn’s own parts, or save the model as ONNX.",
    ),
    "code_not_text": say(
        "UTF-8のテキストではありません。ファイルをUTF-8で保存し直してください。",
        "This is not UTF-8 text. Save the file as UTF-8.",
    ),
    "code_no_predict": say(
        "関数 predict がありません。def predict(data): を書き、idごとの予測値を返してください。",
        "There is no predict function. Write def predict(data): and return a prediction for each id.",
    ),
    "notebook_damaged": say(
        "Pythonのノートブック（.ipynb、バージョン4）として読めません。JupyterLabで開いて保存し直してください。",
        "This can’t be read as a Python notebook (.ipynb, version 4). Open and save it in JupyterLab.",
    ),
    "notebook_no_code": say(
        "ノートブックにコードのセルがありません。予測値を作るセルを書いてください。",
        "The notebook has no code cells. Write cells that make the predictions.",
    ),
}

ENDS: dict[str, Wording] = {
    "run_error": say(
        "実行中にエラー（{error}）が起きました。公開サンプルでも起きるエラーなら、その出力に詳しい内容があります。",
        "The run ended with an error ({error}). If it happens on the public sample too, the output there shows the details.",
    ),
    "run_error_at": say(
        "提出したコードの{line}行目でエラー（{error}）が起きました。公開サンプルでも起きるエラーなら、その出力に詳しい内容があります。",
        "Line {line} of your code ended with an error ({error}). If it happens on the public sample too, the output there shows the details.",
    ),
    "run_error_in_cell": say(
        "{cell}番目のコードセルの{line}行目でエラー（{error}）が起きました。公開サンプルでも起きるエラーなら、その出力に詳しい内容があります。",
        "Line {line} of code cell {cell} ended with an error ({error}). If it happens on the public sample too, the output there shows the details.",
    ),
    "run_timeout": say(
        "制限時間（{seconds:g}秒）を超えたため、実行を止めました。計算を減らしてください。",
        "The run was stopped after the time limit of {seconds:g} s. Reduce the amount of computation.",
    ),
    "run_memory": say(
        "メモリーの上限（{memory_mb:,}MB）を超えました。一度に扱うデータやモデルを小さくしてください。",
        "The run needed more memory than the limit of {memory_mb:,} MB. Handle less data at once, or use a smaller model.",
    ),
    "run_output": say(
        "出力（print など）が上限（{bytes:,}バイト）を超えたため、実行を止めました。出力を減らしてください。",
        "The run was stopped: it printed more than {bytes:,} bytes. Print less.",
    ),
    "run_crashed": say(
        "実行が異常終了しました（{signal}）。モデルが壊れていないか、メモリーの上限（{memory_mb:,}MB）を超えていないか確かめてください。",
        "The run crashed ({signal}). Check whether the model is damaged or needs more than {memory_mb:,} MB of memory.",
    ),
    "run_cancelled": say("実行を取り消しました。", "The run was cancelled."),
    "answer_missing": say(
        "予測値を返さずに終わりました。最後まで実行され、予測値が返されることを確かめてください。",
        "The run ended without predictions. Make sure that it runs to the end and returns them.",
    ),
    "predict_returned_nothing": say(
        "関数 predict が何も返していません。idごとの予測値を return で返してください。",
        "The predict function returned nothing. Let it return a prediction for each id.",
    ),
    "notebook_left_nothing": say(
        "ノートブックは最後まで動きましたが、予測値が残っていません。最後のセルの最後の行に予測値を書くか、predictions という変数に入れてください（関数 predict があるときは、return で返してください）。",
        "The notebook ran to its end but left no predictions. Put them on the last line of the last cell or in a variable called predictions (or return them, where there is a predict function).",
    ),
    "answer_malformed": say(
        "返された予測値の形が合いません。idごとに1行、合わせて{rows:,}行、列は {columns} の数値にしてください。",
        "The predictions are not in the right format. Return one row of numbers for each of the {rows:,} ids, with the columns {columns}.",
    ),
    "answer_not_finite": say(
        "予測の{row}行目の「{column}」が数値でないか無限大です。欠損値や0での割り算がないか確かめてください。",
        "Row {row} of the predictions has no finite number in “{column}”. Check for missing values and divisions by zero.",
    ),
    "answer_too_small": say(
        "予測の{row}行目の「{column}」（{value:g}）が小さすぎます。{limit:g}以上にしてください。",
        "Row {row} of the predictions has {value:g} in “{column}”. It must be {limit:g} or more.",
    ),
    "answer_too_large": say(
        "予測の{row}行目の「{column}」（{value:g}）が大きすぎます。{limit:g}以下にしてください。",
        "Row {row} of the predictions has {value:g} in “{column}”. It must be {limit:g} or less.",
    ),
    "answer_not_integer": say(
        "予測の{row}行目の「{column}」（{value:g}）が整数ではありません。丸めて整数にしてください。",
        "Row {row} of the predictions has {value:g} in “{column}”, which is not a whole number. Round it.",
    ),
    "runs_unavailable": say(
        "この環境では提出されたモデルやコードを安全に実行できないため、受け付けていません（{reason}）。予測値をCSVファイルで提出してください。",
        "Models and code can’t be run safely on this machine, so they are not accepted here ({reason}). Hand in predictions as a CSV file.",
    ),
}

RUNS: dict[str, Wording] = {**FILES, **ENDS}
