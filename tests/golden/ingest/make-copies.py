"""Makes copies/: one clip of the sample corpus behind codecs, at other rates, levels and delays.

    python3 make-copies.py WAV    # in this folder; needs ffmpeg with libmp3lame, libvorbis and libopus

WAV is Actor_01/03-01-05-01-01-01-01.wav of the sample corpus. Made with ffmpeg 5.1.
"""
import os
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "copies")
os.makedirs(folder, exist_ok=True)
exact = ["-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1"]

copies = {
    "quiet-delayed.mp3": ["-af", "adelay=9,volume=-17dB", "-ar", "22050", "-b:a", "32k", "-write_xing", "0"],
    "delayed.opus": ["-af", "adelay=16", "-b:a", "16k"],
    "telephone.ogg": ["-af", "adelay=273,volume=6dB", "-ar", "8000", "-q:a", "1"],
    "mu-law.wav": ["-af", "adelay=7", "-ar", "8000", "-c:a", "pcm_mulaw"],
}
for name, options in copies.items():
    path = os.path.join(folder, name)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", sys.argv[1], *options, *exact, path], check=True)
