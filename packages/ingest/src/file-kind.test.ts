import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fileKind } from './file-kind.js'
import { bytesOf, plainWav } from './wav.fixture.js'

/** The first page of an Ogg stream, its check sum apart. */
const firstPage = (packet: string) =>
  `OggS\0\x02${'.'.repeat(20)}\x01${String.fromCharCode(packet.length)}${packet}`

test.each([
  ['RIFF....WAVE', 'WAV'],
  ['RF64\xff\xff\xff\xffWAVE', 'WAV'],
  ['RIFX....WAVE', 'WAV in big-endian order (RIFX)'],
  ['RIFF....AVI ', 'AVI video (.avi)'],
  ['ID3\x04\0\0', 'MP3 (.mp3)'],
  ['\xff\xfb\x90\x64\0\0', 'MP3 (.mp3)'],
  ['\xff\xf1\x50\x80\0', 'AAC (.aac)'],
  ['fLaC\0\0', 'FLAC (.flac)'],
  [firstPage('\x01vorbis'), 'Ogg Vorbis (.ogg)'],
  [firstPage('OpusHead'), 'Ogg Opus (.opus)'],
  [firstPage('Speex'), 'Ogg Speex (.spx)'],
  [firstPage('\x7fFLAC'), 'Ogg FLAC (.oga)'],
  [firstPage('fishead'), 'Ogg (.ogg)'],
  [firstPage('\x80theora') + firstPage('\x01vorbis'), 'Ogg Vorbis (.ogg)'],
  [firstPage('fishead') + firstPage('\x80theora') + firstPage('OpusHead'), 'Ogg Opus (.opus)'],
  ['\0\0\0\x20ftypM4A ', 'M4A (.m4a)'],
  ['\0\0\0\x18ftypmp42', 'MP4 (.mp4)'],
  ['FORM....AIFF', 'AIFF (.aiff)'],
  ['FORM....AIFC', 'AIFF-C (.aifc)'],
  ['dns.', 'Sun audio in little-endian order'],
  ['MAC \x96\x0f', "Monkey's Audio (.ape)"],
  ['DSD \x1c', 'DSD stream (.dsf)'],
  ['FRM8', 'DSD interchange file (.dff)'],
  ['MPCK', 'Musepack (.mpc)'],
  ['tBaK', 'TAK (.tak)'],
  ['ajkg', 'Shorten (.shn)'],
  ['\0\0\0\x20ftypM4B ', 'M4B audio book (.m4b)'],
  ['\0\0\0\x08wide', 'QuickTime (.mov)'],
  ['\x1a\x45\xdf\xa3', 'WebM or Matroska (.webm, .mkv)'],
  ['#!AMR\n', 'AMR (.amr)'],
  ['\x64\xa3\x01\0', 'IRCAM sound (.sf)'],
])('%j is %s, which is sound', (text, name) => {
  expect(fileKind(bytesOf(text))).toEqual({ name, sound: true })
})

test.each([
  ['\0\x05\x16\x07\0', 'a Mac resource fork (AppleDouble)'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['version https://git-lfs.github.com/spec/v1\n', 'a Git LFS pointer (run "git lfs pull")'],
  ['RF64', 'a RIFF file without sound'],
  ['FORM....ILBM', 'an IFF file without sound'],
  ['<html>\n', 'a web page (HTML)'],
  ['\xef\xbb\xbf\r\n<!DOCTYPE html>', 'a web page (HTML)'],
  ['<?xml version="1.0"?>', 'text'],
  ['{"error": "not found"}', 'text'],
  ['/annex/objects/MD5E-s12--abc.wav\n', 'a git-annex pointer (run "git annex get")'],
  ['BZh91AY&SY', 'a bzip2 archive'],
  ['PK\x05\x06', 'a ZIP archive'],
  [`a.wav${'\0'.repeat(252)}ustar`, 'a tar archive'],
  ['\xff\xfea\0b\0', 'text'],
  ['\0\0\0\0', 'zero bytes only'],
  ['\x01\x02\x03', 'data of an unknown kind'],
])('%j is %s, which is not sound', (text, name) => {
  expect(fileKind(bytesOf(text))).toEqual({ name, sound: false })
})

test('a WAV file is WAV', () => {
  expect(fileKind(plainWav([1, 2, 3])).name).toBe('WAV')
})

const golden = JSON.parse(
  readFileSync(new URL('../../../tests/golden/ingest/kinds.json', import.meta.url), 'utf8'),
) as { files: { kind: string; name: string; head: string }[] }

test.each(golden.files)('$name of another program is $kind', ({ kind, head }) => {
  expect(fileKind(Buffer.from(head, 'base64'))).toEqual({ name: kind, sound: true })
})

test('set bits alone make no MP3', () => {
  // A version, layer, bit rate and sample rate that no header has, and the end of a file.
  for (const head of ['\xff\xea\x90', '\xff\xf8\xfe', '\xff\xfb\xf0', '\xff\xfb\x9c', '\xff\xe0']) {
    expect(fileKind(bytesOf(head)).sound).toBe(false)
  }
  // Free format, without a bit rate.
  expect(fileKind(bytesOf('\xff\xfb\x00\x64')).name).toBe('MP3 (.mp3)')
})

test('a set first byte alone makes no AAC', () => {
  expect(fileKind(bytesOf('\xff\xe1\x50\x80\0')).name).toBe('data of an unknown kind')
  expect(fileKind(bytesOf('\xff\xf1\x74\x80\0')).name).toBe('data of an unknown kind')
})
