// Package bench measures the whole program as it polls a server on this machine, and other programs
// on the same feeds. It is a module of its own, so that the program does not depend on what it is
// compared with.
//
// The program alone, then beside the others that can be had (see the load command):
//
//	go run ./load
//	go run ./load -peers
//
// What is counted is the processor time of the program that polls; the server is a process of its
// own. News is drawn by a seed, so that every run serves the same bytes but for the dates.
package bench
