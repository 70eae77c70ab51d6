"""TensorFlow's turn in train.mjs: the `fixed` head as tf.function with Adam, threads as they come."""
import json
import sys
import time

try:
    import numpy as np
    import tensorflow as tf
except ImportError as error:
    print(f'no TensorFlow: {error}')
    sys.exit(3)

B, T, D, H, C = 32, 16, 2048, 128, 8
rng = np.random.default_rng(0)
weight = lambda *shape: tf.Variable(rng.uniform(-0.05, 0.05, shape).astype(np.float32))
W, b, U, score, out, bias = weight(D, 8 * H), weight(8 * H), weight(2, H, 4 * H), weight(2 * H, 1), weight(2 * H, C), weight(C)
variables = [W, b, U, score, out, bias]
optimiser = tf.keras.optimizers.Adam(1e-3)
batches = [tf.constant(rng.uniform(-1, 1, (B, T, D)).astype(np.float32)) for _ in range(8)]
y = tf.one_hot(tf.range(B) % C, C)


def logits_of(x):
    gates = tf.reshape(tf.matmul(tf.reshape(x, [B * T, D]), W) + b, [B, T, 2, 4 * H])
    steps = tf.transpose(gates, [1, 2, 0, 3])
    h, c, outputs = tf.zeros([2, B, H]), tf.zeros([2, B, H]), []
    for t in range(T):
        g = tf.stack([steps[t, 0], steps[T - 1 - t, 1]]) + tf.matmul(h, U)
        i, f, o, u = tf.split(g, 4, 2)
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(u)
        h = tf.sigmoid(o) * tf.tanh(c)
        outputs.append(h)
    hidden = tf.stack([tf.concat([outputs[t][0], outputs[T - 1 - t][1]], 1) for t in range(T)], 1)
    attention = tf.nn.softmax(tf.matmul(tf.tanh(hidden), score), 1)
    return tf.matmul(tf.reduce_sum(attention * hidden, 1), out) + bias


@tf.function
def step(x):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y, logits_of(x)))
    optimiser.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss


for k in range(5):
    step(batches[k])
start = time.perf_counter()
for k in range(80):
    step(batches[k % 8])
ms = (time.perf_counter() - start) / 80 * 1000
print(json.dumps({'msPerStep': ms, 'versions': {'tensorflow': tf.__version__}}))
