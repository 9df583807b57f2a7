// The OS threads that run blocks. Kernels never run on a Java thread: its stack, its guard pages and its signals are the
// JVM's.
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "execution/block.h"
#include "execution/faults.h"
#include "execution/launch.h"
#include "mode.h"

namespace emulator {

namespace {

/** The launch in hand, and how far it has come. */
struct Job {
    const Launch& launch;
    BlockOrder order;
    std::atomic<size_t> next{0};
    std::atomic<int> fault{NO_FAULT};

    explicit Job(const Launch& launch)
        : launch(launch), order(settings().order, launch.blocks(), settings().seed + launch.number) {}

    /** Takes blocks until none is left or one has failed. */
    void work(BlockRunner& runner, std::atomic<uint64_t>& progress) {
        runner.begin(launch);
        for (size_t i; fault == NO_FAULT && (i = next++) < launch.blocks();) {
            Fault result = runner.run(order[i]);
            progress++;
            if (result != NO_FAULT) {
                fault = result;
            }
        }
    }
};

class Workers {
public:
    Fault run(const Launch& launch) {
        std::unique_lock<std::mutex> lock(mutex_);
        size_t wanted = workers_for(launch);
        while (handles_.size() < wanted) {
            start();
        }
        Job job(launch);
        job_ = &job;
        wanted_ = busy_ = wanted;
        generation_++;
        work_.notify_all();
        wait(lock);
        return static_cast<Fault>(job.fault.load());
    }

private:
    static size_t workers_for(const Launch& launch) {
        if (mode() != Mode::PLAIN) {
            return 1;  // the records of checks and counters are those of one block at a time
        }
        size_t most = settings().workers ? settings().workers : std::max(1u, std::thread::hardware_concurrency());
        return std::min(most, launch.blocks());
    }

    void start() {
        size_t number = handles_.size();
        std::thread thread([this, number] { serve(number); });
        handles_.push_back(thread.native_handle());
        thread.detach();
    }

    void serve(size_t number) {
        prepare_worker_for_faults();
        BlockRunner runner;
        current_runner = &runner;
        uint64_t seen = 0;
        std::unique_lock<std::mutex> lock(mutex_);
        for (;;) {
            work_.wait(lock, [&] { return generation_ != seen; });
            seen = generation_;
            if (number >= wanted_) {
                continue;
            }
            Job* job = job_;
            lock.unlock();
            job->work(runner, progress_);
            lock.lock();
            if (--busy_ == 0) {
                done_.notify_all();
            }
        }
    }

    /** Until all workers are idle. One that finishes no block for too long is told to stop, again and again. */
    void wait(std::unique_lock<std::mutex>& lock) {
        using std::chrono::milliseconds;
        using Clock = std::chrono::steady_clock;
        uint64_t seen = progress_;
        auto since = Clock::now();
        milliseconds patience(20);
        while (!done_.wait_for(lock, patience, [this] { return busy_ == 0; })) {
            if (progress_ != seen) {
                seen = progress_;
                since = Clock::now();
            } else if (Clock::now() - since > std::chrono::seconds(settings().watchdog_seconds)) {
                for (size_t i = 0; i < wanted_; i++) {
                    pthread_kill(handles_[i], watchdog_signal());
                }
            }
        }
    }

    std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable done_;
    std::vector<pthread_t> handles_;
    Job* job_ = nullptr;
    uint64_t generation_ = 0;
    size_t wanted_ = 0;
    size_t busy_ = 0;
    std::atomic<uint64_t> progress_{0};
};

}  // namespace

Fault run_to_end(const Launch& launch) {
    static std::mutex one_at_a_time;
    static Workers* workers = new Workers;  // never destroyed: its threads outlive main
    std::lock_guard<std::mutex> lock(one_at_a_time);
    install_fault_handlers();
    return workers->run(launch);
}

}  // namespace emulator
