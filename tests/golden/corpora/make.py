"""Golden files of the corpora: an audformat database and what the audformat package reads from it, and tables.

python3 tests/golden/corpora/make.py

Writes beside itself; the versions that made the files are in golden.json.
"""

import json
import pathlib
import platform

import audformat
import pandas as pd
import pyarrow

HERE = pathlib.Path(__file__).parent
EMOTIONS = ['anger', 'boredom', 'disgust', 'fear', 'happiness', 'sadness', 'neutral']
FILES = {
    'wav/03a01Fa.wav': ('happiness', 0.9, 3, 'a01'),
    'wav/08a02Na.wav': ('neutral', 1.0, 8, 'a02'),
    'wav/08a01Wa.wav': ('anger', 0.85, 8, 'a01'),
}


def database():
    """In the layout of EMO-DB 1.3.0: one table of emotions, one of files, speakers as labels of a scheme."""
    db = audformat.Database(
        'emodb',
        source='http://emodb.bilderbar.info/download/download.zip',
        usage=audformat.define.Usage.UNRESTRICTED,
        languages=['deu'],
        description='Berlin Database of Emotional Speech.\nActed by ten speakers.',
        license='CC0-1.0',
        author='Felix Burkhardt, et al.',
    )
    db.raters['gold'] = audformat.Rater()
    db.schemes['emotion'] = audformat.Scheme('str', labels=EMOTIONS)
    db.schemes['confidence'] = audformat.Scheme('float', minimum=0, maximum=1)
    db.schemes['duration'] = audformat.Scheme('time')
    db.schemes['speaker'] = audformat.Scheme(
        'int', labels={3: {'gender': 'male', 'age': 31}, 8: {'gender': 'female', 'age': 34}}
    )
    db.schemes['transcription'] = audformat.Scheme(
        'str', labels={'a01': 'Der Lappen liegt auf dem Eisschrank.', 'a02': 'Das will sie am Mittwoch abgeben.'}
    )
    index = audformat.filewise_index(list(FILES))
    columns = list(zip(*FILES.values()))
    add(db, 'emotion', index, {'emotion': ('emotion', columns[0]), 'emotion.confidence': ('confidence', columns[1])})
    add(
        db,
        'files',
        index,
        {
            'duration': ('duration', [pd.Timedelta(1.89825, 's')] * 3),
            'speaker': ('speaker', columns[2]),
            'transcription': ('transcription', columns[3]),
        },
    )
    return db


def segmented():
    """Segments of a dialogue in two splits; speakers in a misc table; some segments without a label."""
    db = audformat.Database('talks', license='CC-BY-4.0', author='Somebody')
    db.splits['train'] = audformat.Split('train')
    db.splits['dev'] = audformat.Split('dev')
    db['speaker'] = audformat.MiscTable(pd.Index(['anna', 'bert'], name='speaker', dtype='string'))
    db['speaker']['gender'] = audformat.Column()
    db['speaker']['gender'].set(['female', 'male'])
    db.schemes['speaker'] = audformat.Scheme('str', labels='speaker')
    db.schemes['emotion'] = audformat.Scheme('str', labels=['happy', 'sad'])
    parts = {
        'emotion.train': ('train', ['talk.wav', 'talk.wav', 'talk.wav'], [0, 1.5, 2], [1.5, 2, None]),
        'emotion.dev': ('dev', ['other.wav', 'other.wav'], [0, 61.25], [0.5, 3723.5]),
    }
    labels = {'emotion.train': ['happy', None, 'sad'], 'emotion.dev': ['sad', 'happy']}
    who = {'emotion.train': ['anna', 'bert', 'bert'], 'emotion.dev': ['bert', 'anna']}
    for table, (split, files, starts, ends) in parts.items():
        index = audformat.segmented_index(files, [f'{s}s' for s in starts], [pd.NaT if e is None else f'{e}s' for e in ends])
        add(db, table, index, {'emotion': ('emotion', labels[table]), 'speaker': ('speaker', who[table])}, split)
    return db


def add(db, table, index, columns, split=None):
    db[table] = audformat.Table(index, split_id=split)
    for name, (scheme, values) in columns.items():
        db[table][name] = audformat.Column(scheme_id=scheme)
        db[table][name].set(list(values))


def facts(db, tables):
    """What the package reads: label, speaker and gender of each labelled segment, times in seconds."""
    rows = []
    for table in tables:
        frame = db[table].get()
        frame = frame[frame['emotion'].notna()]
        speakers = db['files'].get() if 'files' in db.tables else frame
        for index, row in frame.iterrows():
            file, start, end = index if isinstance(index, tuple) else (index, None, None)
            speaker = speakers.loc[file, 'speaker'] if 'files' in db.tables else row['speaker']
            labels = db.schemes['speaker'].labels
            gender = labels[speaker]['gender'] if isinstance(labels, dict) else db['speaker'].get().loc[speaker, 'gender']
            rows.append(
                {
                    'file': file,
                    'start': None if start is None else start.total_seconds(),
                    'end': None if end is None or pd.isna(end) else end.total_seconds(),
                    'emotion': row['emotion'],
                    'speaker': str(speaker),
                    'gender': gender,
                    'split': db[table].split_id,
                }
            )
    return sorted(rows, key=lambda row: (row['file'], row['start'] or 0))


def main():
    emodb, talks = database(), segmented()
    emodb.save(str(HERE / 'emodb'), storage_format='csv')
    talks.save(str(HERE / 'talks'), storage_format='csv')
    talks.save(str(HERE / 'talks-parquet'), storage_format='parquet')
    table = pd.DataFrame(
        {
            'file': ['a.wav', 'a.wav', 'größe.wav'],
            'label': ['happy', 'sad', 'happy'],
            'speaker': pd.array([1, 2, 1], dtype='int64'),
            'start': [0.0, 1.25, None],
            'end': [1.25, 2.5, None],
            'take': pd.array([1, None, 3], dtype='Int32'),
            'when': pd.to_datetime(['2024-05-01', None, '2024-05-02']),
        }
    )
    for compression in ['snappy', 'gzip', 'brotli', 'none', 'zstd', 'lz4']:
        table.to_parquet(
            HERE / f'table-{compression}.parquet', compression=None if compression == 'none' else compression, index=False
        )
    golden = {
        'made_by': 'python3 tests/golden/corpora/make.py',
        'versions': {
            'python': platform.python_version(),
            'audformat': audformat.__version__,
            'pandas': pd.__version__,
            'pyarrow': pyarrow.__version__,
        },
        'emodb': facts(emodb, ['emotion']),
        'talks': facts(talks, ['emotion.train', 'emotion.dev']),
    }
    (HERE / 'golden.json').write_text(json.dumps(golden, indent=2, ensure_ascii=False) + '\n', encoding='utf-8')


main()
