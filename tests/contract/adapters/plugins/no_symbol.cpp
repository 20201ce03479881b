// A library like any other: it exports nothing an adapter has.
extern "C" __attribute__((visibility("default"))) int something_else() {
    return 1;
}
