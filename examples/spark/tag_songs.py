"""Tags a list of songs with Apache Spark: every partition of the list is piped through one process of taggram.

Names go in, a line each; NDJSON comes out, a line a song: its taggram, or what was wrong with it. The results are
written as Parquet. See README.md beside this file.
"""

import argparse
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from pyspark import SparkFiles
from pyspark.sql import SparkSession

# What the program writes (taggram --help), and `error` for songs that can't be tagged.
SCHEMA = """
    file STRING, error STRING, model STRING, version STRING, sample_rate INT, duration DOUBLE, hop DOUBLE,
    length DOUBLE, tags ARRAY<STRING>,
    segments ARRAY<STRUCT<start: DOUBLE, end: DOUBLE, silent: BOOLEAN, padded: BOOLEAN>>,
    taggram ARRAY<ARRAY<FLOAT>>, top ARRAY<STRUCT<tag: STRING, score: FLOAT>>, warnings ARRAY<STRING>
"""

TOLD_RECORDS = (0, 1)  # the program's exit status where every song has its record; 1: some of them are errors


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Tags a list of songs with Apache Spark.",
        epilog="What else is given goes to taggram, as --hop 0.5.",
    )
    parser.add_argument("songs", type=Path, help="text file that names a song a line, as the workers find it")
    parser.add_argument("results", help="folder for the Parquet files; what was there is replaced")
    parser.add_argument("--model", type=Path, required=True, help="model file (.gguf); it is sent to the workers")
    parser.add_argument("--program", default="taggram", help="where the workers have taggram (default: on their PATH)")
    parser.add_argument("--partitions", type=int, help="pieces of the list (default: four a core)")
    arguments, arguments.options = parser.parse_known_args()
    return arguments


def read_names(path: Path) -> list[str]:
    """Names are bytes; those that are not UTF-8 survive the way to the program."""
    return [name for name in path.read_text(errors="surrogateescape").split("\n") if name]


def piper(program: str, model: str, options: list[str]) -> Callable[[Iterator[str]], Iterator[str]]:
    """What a worker does with its partition. `model` is the name of the file that was sent."""

    def pipe(names: Iterator[str]) -> Iterator[str]:
        sent = list(names)
        command = [program, *options, "--model", SparkFiles.get(model), "--format", "ndjson", "--files-from", "-"]
        received = 0
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
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


def main() -> None:
    arguments = parse()
    spark = SparkSession.builder.appName("taggram").getOrCreate()
    context = spark.sparkContext
    context.addFile(str(arguments.model.resolve()))
    names = read_names(arguments.songs)
    partitions = arguments.partitions or max(1, min(len(names), 4 * context.defaultParallelism))
    records = context.parallelize(names, partitions).mapPartitions(
        piper(arguments.program, arguments.model.name, arguments.options)
    )
    spark.read.schema(SCHEMA).json(records).write.mode("overwrite").parquet(arguments.results)
    results = spark.read.parquet(arguments.results)
    failed = results.where("error IS NOT NULL").count()
    print(f"{results.count()} songs, {failed} of them could not be tagged: {arguments.results}")
    spark.stop()


if __name__ == "__main__":
    main()
