/* Programs in Rust take their random numbers from this DLL; Wine 8 has none. */

unsigned char __stdcall SystemFunction036(void *place, unsigned long size); /* RtlGenRandom, of advapi32.dll */

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *place, unsigned long long size) {
    return size <= 0xFFFFFFFF && SystemFunction036(place, (unsigned long)size);
}

int __stdcall DllMainCRTStartup(void *dll, unsigned long reason, void *reserved) { return 1; }
