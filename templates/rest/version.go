package rest

// Version1 is named by generated packages that need version 1 of this package. A package that was generated for another
// version does not compile beside it: generate both together.
const Version1 = true
