"""Files of NumPy for the tests of NpyFile and NpzFile. Made with numpy 2.4.6; nothing in them is random.

    python make_numpy.py        writes the files beside this script
"""
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
TYPES = ["?", "u1", "i1", "<u2", "<i2", ">i2", "<u4", "<i4", "<u8", "<i8", ">i8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]


def main():
    arrays = {}
    for dtype in TYPES:
        values = np.array([[0, 1, 1], [1, 0, 1]] if dtype == "?" else [[1, 2, 3], [4, 5, 100]])
        arrays[f"c/{dtype}"] = values.astype(dtype)
        arrays[f"fortran/{dtype}"] = np.asfortranarray(values.astype(dtype))
    arrays |= {"scalar": np.float32(2.5), "empty": np.zeros((2, 0, 3), "<f4"), "one": np.arange(5, dtype="<f4")}
    np.savez(HERE / "stored.npz", **arrays)
    np.savez_compressed(HERE / "deflated.npz", **arrays)
    np.save(HERE / "cube.npy", np.arange(24, dtype="<f4").reshape(2, 3, 4))
    np.save(HERE / "cube_fortran.npy", np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)))


if __name__ == "__main__":
    main()
