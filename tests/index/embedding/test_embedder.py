"""The values of embedding: signs of vectors."""

import numpy as np

from index.embedding.embedder import from_signs, signs


def test_signs_keep_the_direction_of_every_component() -> None:
    vectors = np.random.default_rng(2).standard_normal((5, 20)).astype(np.float32)
    restored = from_signs(signs(vectors), 20)
    np.testing.assert_array_equal(restored > 0, vectors > 0)
    np.testing.assert_allclose(np.linalg.norm(restored, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(signs(restored), signs(vectors))
