#include "execution/elf_symbols.h"

#include <cxxabi.h>
#include <elf.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace emulator {

namespace {

/** "tile" of "_ZZ9transposeE4tile", the variable of a function. */
std::string readable(const char* symbol) {
    int status = 0;
    char* demangled = abi::__cxa_demangle(symbol, nullptr, nullptr, &status);
    std::string name = demangled ? demangled : symbol;
    free(demangled);
    size_t colon = name.rfind("::");
    return colon == std::string::npos ? name : name.substr(colon + 2);
}

template <class T>
const T* at(const std::vector<char>& file, size_t offset) {
    return reinterpret_cast<const T*>(file.data() + offset);
}

}  // namespace

std::vector<SharedVariable> shared_variables_of(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::vector<char> file((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    std::vector<SharedVariable> variables;
    if (file.size() < sizeof(Elf64_Ehdr)) {
        return variables;
    }
    const Elf64_Ehdr* header = at<Elf64_Ehdr>(file, 0);
    const Elf64_Shdr* sections = at<Elf64_Shdr>(file, header->e_shoff);
    for (int i = 0; i < header->e_shnum; i++) {
        if (sections[i].sh_type != SHT_SYMTAB) {
            continue;
        }
        const Elf64_Sym* symbols = at<Elf64_Sym>(file, sections[i].sh_offset);
        size_t names = sections[sections[i].sh_link].sh_offset;
        for (size_t s = 0; s < sections[i].sh_size / sizeof(Elf64_Sym); s++) {
            const Elf64_Sym& symbol = symbols[s];
            if (ELF64_ST_TYPE(symbol.st_info) == STT_TLS && symbol.st_shndx != SHN_UNDEF && symbol.st_size > 0) {
                variables.push_back({symbol.st_value, symbol.st_size, readable(at<char>(file, names + symbol.st_name))});
            }
        }
    }
    std::sort(variables.begin(), variables.end(),
              [](const SharedVariable& a, const SharedVariable& b) { return a.offset < b.offset; });
    return variables;
}

}  // namespace emulator
