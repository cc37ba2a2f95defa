"""Tags a list of songs with Apache Spark: every partition of the list is piped through one process of taggram.

Names go in, a line each; NDJSON comes out, a line a song: its taggram, or what was wrong with it. The results are
written as Parquet. See README.md beside this file.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession

# What the program writes (taggram --help), and `error` for songs that can't be tagged. Features differ in how deep
# their lists are: each is a text in JSON.
SCHEMA = """
    file STRING, error STRING, model STRING, version STRING, sample_rate INT, duration DOUBLE, hop DOUBLE,
    length DOUBLE, tags ARRAY<STRING>,
    segments ARRAY<STRUCT<start: DOUBLE, end: DOUBLE, silent: BOOLEAN, padded: BOOLEAN>>,
    taggram ARRAY<ARRAY<FLOAT>>, features MAP<STRING, STRING>, top ARRAY<STRUCT<tag: STRING, score: FLOAT>>,
    warnings ARRAY<STRING>
"""

TOLD_RECORDS = (0, 1)  # the program's exit status where every song has its record; 1: some of them are errors


def parse(arguments: list[str]) -> argparse.Namespace:
    """What follows -- is not for us, but for taggram."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        usage="%(prog)s SONGS RESULTS --model FILE [--program PATH] [--partitions N] [-- OPTION OF TAGGRAM...]",
        description="Tags a list of songs with Apache Spark.",
        epilog="What follows -- goes to taggram, as -- --hop 0.5 --top 10.",
    )
    parser.add_argument("songs", type=Path, help="text file that names a song a line, as the workers find it")
    parser.add_argument("results", help="folder for the Parquet files; what was there is replaced when all are written")
    parser.add_argument("--model", type=Path, required=True, help="model file (.gguf); it is sent to the workers")
    parser.add_argument("--program", default="taggram", help="where to find taggram, here too (default: on the PATH)")
    parser.add_argument("--partitions", type=int, help="pieces of the list (default: four a core)")
    ours = parser.parse_args(arguments[:end])
    ours.options = arguments[end + 1 :]
    return ours


def read_names(path: Path) -> list[str]:
    """Names are bytes; those that are not UTF-8 survive the way to the program. A list from Windows is read as well."""
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="surrogateescape")
    except OSError as error:
        sys.exit(f"{path} could not be read: {error.strerror}.")
    return [name for line in text.split("\n") if (name := line.removesuffix("\r"))]


def command(program: str, model: str, options: list[str]) -> list[str]:
    """What tags the songs that standard input names: in one thread, for Spark runs a process on each core."""
    return [program, "--jobs", "1", *options, "--model", model, "--format", "ndjson", "--files-from", "-"]


def check(program: str, model: str, options: list[str]) -> None:
    """Has the program tag no songs here: what it refuses, it would refuse to every worker."""
    try:
        done = subprocess.run(command(program, model, options), input=b"", capture_output=True, check=False)
    except OSError as error:
        sys.exit(f"{program} could not be run: {error.strerror}. Say with --program where it is.")
    if done.returncode != 0:
        sentence, *_ = done.stderr.decode(errors="replace").split("\n")
        sys.exit(sentence or f"{program} ended with status {done.returncode}.")


def piper(program: str, model: str, options: list[str]) -> Callable[[Iterator[str]], Iterator[str]]:
    """What a worker does with its partition. `model` is the name of the file that was sent."""

    def pipe(names: Iterator[str]) -> Iterator[str]:
        sent = list(names)
        received = 0
        tagging = command(program, SparkFiles.get(model), options)
        with subprocess.Popen(tagging, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            with suppress(BrokenPipeError):  # it ended early: the exit status tells
                process.stdin.write("".join(f"{name}\n" for name in sent).encode(errors="surrogateescape"))
                process.stdin.close()
            for line in process.stdout:
                received += 1
                yield line.decode()
        if process.returncode not in TOLD_RECORDS or received != len(sent):
            raise RuntimeError(
                f"{program} ended with status {process.returncode} after {received} of {len(sent)} songs; "
                "its own words are in the worker's log."
            )

    return pipe


def write(records: DataFrame, results: str) -> None:
    """Under another name first: a job that fails leaves earlier results as they were."""
    java = records.sparkSession.sparkContext
    path = java._jvm.org.apache.hadoop.fs.Path(results)
    unfinished = path.suffix(".unfinished")
    records.write.mode("overwrite").parquet(unfinished.toString())
    files = path.getFileSystem(java._jsc.hadoopConfiguration())
    files.delete(path, True)
    if not files.rename(unfinished, path):
        sys.exit(f"{results} could not be written; the results are in {unfinished.toString()}.")


def main() -> None:
    arguments = parse(sys.argv[1:])
    model = arguments.model.resolve()  # Spark sends a link under the name of its file
    check(arguments.program, str(model), arguments.options)
    names = read_names(arguments.songs)
    spark = SparkSession.builder.appName("taggram").getOrCreate()
    context = spark.sparkContext
    context.addFile(str(model))
    partitions = arguments.partitions or max(1, min(len(names), 4 * context.defaultParallelism))
    records = context.parallelize(names, partitions).mapPartitions(
        piper(arguments.program, model.name, arguments.options)
    )
    write(spark.read.schema(SCHEMA).json(records), arguments.results)
    results = spark.read.parquet(arguments.results)
    failed = results.where("error IS NOT NULL").count()
    print(f"{results.count()} songs, {failed} of them could not be tagged: {arguments.results}")
    spark.stop()


if __name__ == "__main__":
    main()
