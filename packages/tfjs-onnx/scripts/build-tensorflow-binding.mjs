/**
 * Builds the native binding of an installed @tensorflow/tfjs-node from its own sources, against the C library within the
 * `tensorflow` package of PyPI: where the binding's usual download cannot be reached, PyPI often can.
 *
 *     npm install --ignore-scripts --no-save @tensorflow/tfjs-node@4.22.0
 *     pip install tensorflow
 *     node packages/tfjs-onnx/scripts/build-tensorflow-binding.mjs node_modules/@tensorflow/tfjs-node
 *
 * Needs g++ and the headers of Node (include/node beside bin/node; NODE_INCLUDE names another folder). PYTHON names the
 * interpreter that has TensorFlow, python3 by default. Nothing is downloaded. Linux only.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const [given] = process.argv.slice(2)
if (!given || !existsSync(join(given, 'binding', 'tfjs_binding.cc'))) {
  fail('give the folder of @tensorflow/tfjs-node, such as node_modules/@tensorflow/tfjs-node')
}
const folder = resolve(given)
const python = process.env.PYTHON ?? 'python3'
const tensorflow = tensorflowFolder()
const headers =
  process.env.NODE_INCLUDE ?? resolve(dirname(realpathSync(process.execPath)), '../include/node')
if (!existsSync(join(headers, 'node_api.h'))) {
  fail(`${headers} has no node_api.h; set NODE_INCLUDE to the folder of Node's headers`)
}
// The package takes the newest interface it knows that Node has.
const { napi_versions: known } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
).binary
const version = Math.max(...known.filter((each) => each <= Number(process.versions.napi)))
const target = join(folder, 'lib', `napi-v${version}`, 'tfjs_binding.node')
mkdirSync(dirname(target), { recursive: true })
execFileSync(
  process.env.CXX ?? 'g++',
  [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${version}`],
    ...[headers, join(tensorflow, 'include'), join(folder, '..'), folder].map(
      (each) => `-I${each}`,
    ),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(folder, 'binding', name)),
    ...['-o', target, `-L${tensorflow}`, `-Wl,-rpath,${tensorflow}`],
    ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
  ],
  { stdio: 'inherit' },
)
console.log(`built ${target} against ${tensorflow}`)

function tensorflowFolder() {
  const find =
    'import importlib.util as u; s = u.find_spec("tensorflow"); print(s.submodule_search_locations[0] if s else "")'
  let found = ''
  try {
    found = execFileSync(python, ['-c', find], { encoding: 'utf8' }).trim()
  } catch {
    fail(`${python} cannot be run; set PYTHON to the interpreter that has TensorFlow`)
  }
  if (!existsSync(join(found, 'libtensorflow_cc.so.2'))) {
    fail(`${python} has no TensorFlow with its C library; pip install tensorflow`)
  }
  return found
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
