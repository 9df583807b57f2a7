// In which order things that may happen in any order do happen. CUDA promises none, so every order must give the same
// result; a run uses one, and its seed tells which.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "settings.h"

namespace emulator {

/** A fast generator (splitmix64): one multiplication-rich step a number. It only mixes orders, never data. */
class Shuffler {
public:
    void seed(uint64_t seed) { state_ = seed; }

    uint64_t next() {
        uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }

    /** A number below `bound`, by multiplication instead of division. */
    size_t below(size_t bound) {
        return static_cast<size_t>((static_cast<unsigned __int128>(next()) * bound) >> 64);
    }

    /** Puts items that stand in forward order into the order asked for. */
    template <class Item>
    void arrange(Order order, std::vector<Item>& items) {
        if (order == Order::REVERSE) {
            for (size_t i = 0, j = items.size(); i + 1 < j; i++) {
                std::swap(items[i], items[--j]);
            }
        } else if (order == Order::RANDOM) {
            for (size_t i = items.size(); i > 1; i--) {
                std::swap(items[i - 1], items[below(i)]);
            }
        }
    }

private:
    uint64_t state_ = 0;
};

/** A permutation of 0 … n-1 that needs no memory: i → (factor·i + offset) mod n, with factor prime to n. */
class BlockOrder {
public:
    BlockOrder(Order order, size_t n, uint64_t seed) : n_(n) {
        if (order == Order::REVERSE) {
            factor_ = n - 1;
            offset_ = n - 1;
        } else if (order == Order::RANDOM && n > 2) {
            Shuffler shuffler;
            shuffler.seed(seed);
            offset_ = shuffler.below(n);
            do {
                factor_ = 1 + shuffler.below(n - 1);
            } while (std::gcd(factor_, n) != 1);
        }
    }

    size_t operator[](size_t i) const {
        return static_cast<size_t>((static_cast<unsigned __int128>(factor_) * i + offset_) % n_);
    }

private:
    size_t n_;
    size_t factor_ = 1;
    size_t offset_ = 0;
};

}  // namespace emulator
