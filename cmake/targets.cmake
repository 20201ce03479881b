# gateway_add_layer(<folder> LINK <targets...>): static library gateway_<folder> of all .cpp below the folder.
function(gateway_add_layer name)
    cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
    if(NOT sources)
        add_library(gateway_${name} INTERFACE)
        target_link_libraries(gateway_${name} INTERFACE gateway_sdk ${ARG_LINK})
        return()
    endif()
    add_library(gateway_${name} STATIC ${sources})
    target_link_libraries(gateway_${name} PUBLIC gateway_sdk ${ARG_LINK} PRIVATE sluse_flags)
endfunction()

# gateway_add_adapter(<name> [LINK ...] [STANDIN_LINK ...]): in adapters/<name>/. An object library for tests, the plugin
# lib/sluse/adapters/<name>.so, and, where standin/ has sources, lib/sluse/standins/standin-<name> with its description.
function(gateway_add_adapter name)
    cmake_parse_arguments(ARG "" "" "LINK;STANDIN_LINK" ${ARGN})
    set(here "${CMAKE_CURRENT_SOURCE_DIR}")
    file(GLOB sources CONFIGURE_DEPENDS "${here}/*.cpp")
    list(REMOVE_ITEM sources "${here}/plugin.cpp")
    add_library(adapter_${name}_objects OBJECT ${sources})
    target_link_libraries(adapter_${name}_objects PUBLIC gateway_sdk ${ARG_LINK} PRIVATE sluse_flags)
    gateway_embed(adapter_${name}_objects ${name}_schemas.hpp NAMESPACE gateway::${name}::embedded FILES
        config_schema=${here}/config.schema.json route_schema=${here}/route.schema.json)
    add_library(adapter_${name} MODULE "${here}/plugin.cpp")
    target_link_libraries(adapter_${name} PRIVATE adapter_${name}_objects sluse_flags)
    target_link_options(adapter_${name} PRIVATE -Wl,--no-undefined)
    set_target_properties(adapter_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
        LIBRARY_OUTPUT_DIRECTORY "${SLUSE_LIB_DIR}/adapters" BUILD_RPATH "$ORIGIN/.." INSTALL_RPATH "$ORIGIN/..")
    set_property(GLOBAL APPEND PROPERTY SLUSE_ADAPTERS ${name})
    file(GLOB standin CONFIGURE_DEPENDS "${here}/standin/*.cpp")
    if(standin)
        add_executable(standin_${name} ${standin})
        target_link_libraries(standin_${name} PRIVATE standin_kit gateway_http gateway_sdk sluse_flags ${ARG_STANDIN_LINK})
        set_target_properties(standin_${name} PROPERTIES OUTPUT_NAME standin-${name}
            RUNTIME_OUTPUT_DIRECTORY "${SLUSE_LIB_DIR}/standins" BUILD_RPATH "$ORIGIN/.." INSTALL_RPATH "$ORIGIN/..")
        configure_file("${here}/standin/standin.json" "${SLUSE_LIB_DIR}/standins/${name}.json" COPYONLY)
        set_property(GLOBAL APPEND PROPERTY SLUSE_STANDINS ${name})
    endif()
endfunction()

# gateway_add_tests(<program> LABEL <label> DIR <folder> [LINK ...] [TIMEOUT s]): one Catch2 program of all *_test.cpp in a folder.
# A file `links.txt` in the folder names further targets, one a line.
function(gateway_add_tests program)
    cmake_parse_arguments(ARG "" "LABEL;DIR;TIMEOUT" "LINK" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${ARG_DIR}/*.cpp")
    if(NOT sources)
        return()
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    set(links "")
    if(EXISTS "${ARG_DIR}/links.txt")
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${ARG_DIR}/links.txt")
        file(STRINGS "${ARG_DIR}/links.txt" links REGEX "^[a-z]")
    endif()
    add_executable(${program} ${sources})
    target_link_libraries(${program} PRIVATE tests_support ${ARG_LINK} ${links} gateway_sdk sluse_flags)
    target_compile_definitions(${program} PRIVATE SLUSE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
        SLUSE_BINARY_DIR="${CMAKE_BINARY_DIR}" SLUSE_REFERENCE_DIR="${SLUSE_REFERENCE_DIR}")
    catch_discover_tests(${program} TEST_PREFIX "${program}: " DISCOVERY_MODE PRE_TEST
        PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT})
endfunction()
