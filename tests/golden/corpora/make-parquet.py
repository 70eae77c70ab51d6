"""Parquet files with columns of many types, and what pyarrow reads from them.

python3 tests/golden/corpora/make-parquet.py

Writes beside itself; the versions that made the files are in parquet.json.
"""

import datetime
import decimal
import json
import pathlib
import platform

import duckdb
import numpy
import pandas
import pyarrow
import pyarrow.parquet

HERE = pathlib.Path(__file__).parent
NAMES = {'file': ['a.wav', 'a.wav', 'b.wav'], 'label': ['happy', 'sad', 'happy'], 'speaker': ['1', '2', '1']}
STARTS = [0, 1250, 86_400_000 + 61_500]
ENDS = [1250, 2500, None]
PER_SECOND = {'s': 1, 'ms': 1000, 'us': 1000_000, 'ns': 1000_000_000}


def whole(milliseconds, unit):
    """In seconds nothing is left of a fraction."""
    return None if milliseconds is None else milliseconds * PER_SECOND[unit] // 1000


def durations(unit):
    kind = pyarrow.duration(unit)
    columns = {name: pyarrow.array([whole(each, unit) for each in times], kind) for name, times in
               (('start', STARTS), ('end', ENDS))}
    return pyarrow.table({**NAMES, **columns})


def seconds(table, name):
    return [None if each is None else each.total_seconds() for each in table.column(name).to_pylist()]


def types():
    """One column of each type; a value, another, nothing."""
    null = None
    columns = {
        'duration': pyarrow.array([1_500_000_001, -250_000_000, null], pyarrow.duration('ns')),
        'category of durations': pyarrow.array([500, 86_400_000, null], pyarrow.duration('ms')).dictionary_encode(),
        'time32': pyarrow.array([500, 61_000, null], pyarrow.time32('ms')),
        'time64': pyarrow.array([1, 3_600_000_000_000, null], pyarrow.time64('ns')),
        'timestamp': pyarrow.array([1_700_000_000_123_456_789, -1, null], pyarrow.timestamp('ns')),
        'timestamp in seconds': pyarrow.array([1_700_000_000, 0, null], pyarrow.timestamp('s', 'Europe/Berlin')),
        'date': pyarrow.array([datetime.date(2024, 2, 29), datetime.date(1969, 12, 31), null]),
        'decimal': pyarrow.array([decimal.Decimal('1.25'), decimal.Decimal('-0.50'), null], pyarrow.decimal128(10, 2)),
        'int64': pyarrow.array([2**53 + 1, -(2**63), null], pyarrow.int64()),
        'uint64': pyarrow.array([2**64 - 1, 0, null], pyarrow.uint64()),
        'uint32': pyarrow.array([2**32 - 1, 0, null], pyarrow.uint32()),
        'int8': pyarrow.array([-128, 127, null], pyarrow.int8()),
        'float16': pyarrow.array(numpy.array([0.5, 1.25, numpy.nan], numpy.float16)),
        'float32': pyarrow.array([0.5, -2.0, null], pyarrow.float32()),
        'float64': pyarrow.array([0.1, float('inf'), float('nan')]),
        'bool': pyarrow.array([True, False, null]),
        'binary': pyarrow.array([b'text', 'größe'.encode(), null], pyarrow.binary()),
        'fixed binary': pyarrow.array([b'abcd', b'efgh', null], pyarrow.binary(4)),
        'large string': pyarrow.array(['a', 'b', null], pyarrow.large_string()),
        'category': pyarrow.array(['x', 'y', null]).dictionary_encode(),
        'category of numbers': pyarrow.array([7, 8, null], pyarrow.int64()).dictionary_encode(),
        'list': pyarrow.array([['a', 'b'], [], null], pyarrow.list_(pyarrow.string())),
        'list of numbers': pyarrow.array([[1, 2], [], null], pyarrow.list_(pyarrow.int64())),
        'struct': pyarrow.array([{'x': 1, 'start': null}, {'x': 2, 'start': 'a'}, null]),
        'map': pyarrow.array([[('a', 1)], [], null], pyarrow.map_(pyarrow.string(), pyarrow.int64())),
        'nothing': pyarrow.nulls(3),
    }
    return pyarrow.table(columns)


def votes():
    """Votes as a struct of whole numbers, a map, and a list of labels."""
    names = {'file': ['a.wav', 'b.wav'], 'speaker': ['1', '2']}
    kinds = {
        'struct': pyarrow.array([{'happy': 3, 'sad': None}, {'happy': 1, 'sad': 2}]),
        'map': pyarrow.array([[('happy', 3)], [('happy', 1), ('sad', 2)]], pyarrow.map_(pyarrow.string(), pyarrow.int32())),
        'list': pyarrow.array([['happy', 'happy', 'happy'], ['happy', 'sad', None, 'sad']]),
    }
    return {kind: pyarrow.table({**names, 'votes': column}) for kind, column in kinds.items()}


def write(name, table):
    pyarrow.parquet.write_table(table, HERE / f'parquet-{name}.parquet')


def main():
    tables = {unit: durations(unit) for unit in PER_SECOND}
    for unit, table in tables.items():
        write(f'duration-{unit}', table)
    frame = pandas.DataFrame({**NAMES, 'start': pandas.to_timedelta(STARTS, 'ms'), 'end': pandas.to_timedelta(ENDS, 'ms')})
    frame.to_parquet(HERE / 'parquet-pandas.parquet')
    write('types', types())
    for kind, table in votes().items():
        write(f'votes-{kind}', table)
    write('bytes', pyarrow.table({**NAMES, 'sound': [b'\xff\xfe', b'', None]}))
    write('digits', pyarrow.table({**NAMES, 'number': [decimal.Decimal('12345678901234567890')] * 3}))
    columns = "'a.wav' AS file, 'happy' AS label, '1' AS speaker, INTERVAL 1 SECOND AS pause"
    duckdb.sql(f"COPY (SELECT {columns}) TO '{HERE / 'parquet-interval.parquet'}'")
    golden = {
        'made_by': 'python3 tests/golden/corpora/make-parquet.py',
        'versions': {
            'python': platform.python_version(),
            'pyarrow': pyarrow.__version__,
            'pandas': pandas.__version__,
            'numpy': numpy.__version__,
            'duckdb': duckdb.__version__,
        },
        'times': {
            **{f'duration-{unit}': [seconds(table, 'start'), seconds(table, 'end')] for unit, table in tables.items()},
            'pandas': [seconds(pyarrow.Table.from_pandas(frame), name) for name in ('start', 'end')],
        },
    }
    (HERE / 'parquet.json').write_text(json.dumps(golden, indent=2) + '\n')


main()
