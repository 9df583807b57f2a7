// Tensor cores: matrix products of a warp, and of four warps (wgmma), and the loads that feed them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emulator {

/** The wgmma instructions of one thread that it has not waited for yet. */
class PendingProducts {
public:
    struct Product {
        float* d;        // this thread's accumulators
        unsigned n;      // columns
        uint64_t a, b;   // descriptors
    };

    void start(const Product& product) {
        products_.push_back(product);
        open_++;
    }
    void commit() {
        groups_.push_back(open_);
        open_ = 0;
    }
    void clear() {
        products_.clear();
        groups_.clear();
        open_ = 0;
    }

    /** Takes out the products of all groups but the `pending` youngest. */
    std::vector<Product> take(size_t pending);

private:
    std::vector<Product> products_;
    std::vector<size_t> groups_;
    size_t open_ = 0;
};

}  // namespace emulator
