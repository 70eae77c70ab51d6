/**
 * ResNet-18 at 64x64 with its batch normalisation folded into the convolutions, in plain TensorFlow.js operations: the
 * architecture of torchvision, as conv-worker.mjs trains it and conv.py does in PyTorch.
 */
import * as tf from '@tensorflow/tfjs-core'

export const side = 64
export const batch = 32
export const classes = 8
const stages = [64, 128, 256, 512]

/** Names and shapes of all weights, in order: filters [height, width, in, out] and biases [out]. */
export const shapes = new Map()
const blocks = []
function convolution(name, taps, from, to) {
  shapes.set(`${name}.w`, [taps, taps, from, to])
  shapes.set(`${name}.b`, [to])
}
convolution('stem', 7, 3, 64)
let channels = 64
for (const [stage, width] of stages.entries()) {
  for (const block of [0, 1]) {
    const name = `layer${stage + 1}.${block}`
    const stride = block === 0 && stage > 0 ? 2 : 1
    convolution(`${name}.conv1`, 3, channels, width)
    convolution(`${name}.conv2`, 3, width, width)
    if (stride > 1) convolution(`${name}.down`, 1, channels, width)
    blocks.push({ name, stride })
    channels = width
  }
}
shapes.set('fc.w', [channels, classes])
shapes.set('fc.b', [classes])

/** The weights that are trained: all, or those of the last stage and the classifier. */
export function trained(part) {
  return [...shapes.keys()].filter((name) => part === 'whole' || /^(layer4|fc)\b/.test(name))
}

const around = (rim) => [
  [0, 0],
  [rim, rim],
  [rim, rim],
  [0, 0],
]

/** Logits of images [batch, 64, 64, 3]. */
export function logits(weights, images) {
  const convolve = (x, name, stride, rim) =>
    tf.add(tf.conv2d(x, weights[`${name}.w`], stride, around(rim)), weights[`${name}.b`])
  let x = tf.relu(convolve(images, 'stem', 2, 3))
  x = tf.maxPool(x, 3, 2, around(1))
  for (const { name, stride } of blocks) {
    const inner = tf.relu(convolve(x, `${name}.conv1`, stride, 1))
    const outer = convolve(inner, `${name}.conv2`, 1, 1)
    const short = stride > 1 ? convolve(x, `${name}.down`, stride, 0) : x
    x = tf.relu(tf.add(outer, short))
  }
  return tf.add(tf.matMul(tf.mean(x, [1, 2]), weights['fc.w']), weights['fc.b'])
}

/** Mean cross-entropy of labels that are one-hot. */
export function loss(weights, images, labels) {
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits(weights, images)), labels), 1)))
}

/** Weights of a fixed draw (He et al. 2015, halved where a branch ends), then images from -1 to 1. */
export function draw() {
  let state = 7
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5
  const parts = [...shapes].map(([name, shape]) => {
    const size = shape.reduce((product, length) => product * length, 1)
    if (name.endsWith('.b')) return new Float32Array(size)
    const gain = /conv2|down|fc/.test(name) ? 0.5 : 2
    const deviation = Math.sqrt(gain / (size / shape.at(-1)))
    return Float32Array.from({ length: size }, () => uniform() * Math.sqrt(12) * deviation)
  })
  const images = Float32Array.from({ length: batch * side * side * 3 }, () => uniform() * 2)
  return { weights: new Map([...shapes.keys()].map((name, i) => [name, parts[i]])), images }
}
