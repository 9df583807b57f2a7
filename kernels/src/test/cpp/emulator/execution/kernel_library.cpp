#include "execution/kernel_library.h"

#include <dirent.h>
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "report.h"

namespace emulator {

namespace {

struct Registry {
    std::recursive_mutex mutex;  // a library that is being loaded registers its kernels
    std::map<std::string, Kernel*> kernels;
    std::map<const Kernel*, KernelLibrary> libraries;
    std::set<std::string> folders;
};

Registry& registry() {
    static Registry* instance = new Registry;
    return *instance;
}

int find_segments(dl_phdr_info* info, size_t, void* data) {
    KernelLibrary* library = static_cast<KernelLibrary*>(data);
    if (library->path != info->dlpi_name) {
        return 0;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        const char* begin = reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr);
        const char* end = begin + header.p_memsz;
        if (header.p_type != PT_LOAD) {
            continue;
        }
        library->begin = library->begin ? std::min(library->begin, begin) : begin;
        library->end = std::max(library->end, end);
        if (header.p_flags & PF_X) {
            library->code_begin = begin;
            library->code_end = end;
        }
    }
    return 1;
}

KernelLibrary describe_library(const Kernel& kernel) {
    Dl_info info{};
    dladdr(reinterpret_cast<void*>(kernel.call), &info);
    KernelLibrary library;
    library.path = info.dli_fname;
    dl_iterate_phdr(find_segments, &library);
    library.shared_variables = shared_variables_of(library.path);
    return library;
}

std::vector<std::string> libraries_in(const std::string& folder) {
    std::vector<std::string> paths;
    DIR* entries = opendir(folder.c_str());
    while (dirent* entry = entries ? readdir(entries) : nullptr) {
        std::string name = entry->d_name;
        if (name.size() > 3 && name.compare(name.size() - 3, 3, ".so") == 0) {
            paths.push_back(folder + "/" + name);
        }
    }
    if (entries) {
        closedir(entries);
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

std::string KernelLibrary::describe_shared(size_t offset) const {
    for (const SharedVariable& v : shared_variables) {
        if (offset >= v.offset && offset < v.offset + v.bytes) {
            return text("%zu bytes into shared variable %s (%zu bytes)", offset - v.offset, v.name.c_str(), v.bytes);
        }
    }
    return text("%zu bytes into shared memory, between its variables", offset);
}

std::string own_folder() {
    Dl_info info{};
    dladdr(reinterpret_cast<void*>(&own_folder), &info);
    std::string path = info.dli_fname ? info.dli_fname : "";
    size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::string load_kernels(const std::string& folder) {
    Registry& r = registry();
    std::lock_guard<std::recursive_mutex> lock(r.mutex);
    if (!r.folders.insert(folder).second) {
        return "";
    }
    for (const std::string& path : libraries_in(folder)) {
        if (!dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
            return dlerror();
        }
    }
    return "";
}

const Kernel* find_kernel(const std::string& name) {
    std::string wrong = load_kernels(own_folder() + "/kernels");
    if (!wrong.empty()) {
        report("%s", wrong.c_str());
    }
    Registry& r = registry();
    std::lock_guard<std::recursive_mutex> lock(r.mutex);
    auto found = r.kernels.find(name);
    return found == r.kernels.end() ? nullptr : found->second;
}

const KernelLibrary& library_of(const Kernel& kernel) {
    Registry& r = registry();
    std::lock_guard<std::recursive_mutex> lock(r.mutex);
    auto found = r.libraries.find(&kernel);
    if (found == r.libraries.end()) {
        found = r.libraries.emplace(&kernel, describe_library(kernel)).first;
    }
    return found->second;
}

}  // namespace emulator

void emu_register_kernel(emulator::Kernel* kernel) {
    emulator::Registry& r = emulator::registry();
    std::lock_guard<std::recursive_mutex> lock(r.mutex);
    if (!r.kernels.emplace(kernel->name, kernel).second) {
        emulator::report("two kernels are called %s: the first loaded is used", kernel->name);
    }
}
