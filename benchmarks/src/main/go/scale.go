// The Go side of the comparison at scale: the default transport with its limits set, and
// bodies that are closed without having been read. Does and prints the same as ScaleCaller.
package main

import (
	"fmt"
	"net/http"
	"os"
	"sort"
	"strconv"
	"sync"
	"syscall"
	"time"
)

type load struct {
	callers, connections, callsPerSecond int
	warmUp, measured                     time.Duration
}

type outcome struct {
	latencies  []time.Duration
	errors     int
	firstError error
}

func main() {
	url := os.Args[1]
	load := load{number(2), number(3), number(4), time.Duration(number(5)) * time.Second,
		time.Duration(number(6)) * time.Second}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost = load.connections
	transport.MaxIdleConns = load.connections
	transport.MaxIdleConnsPerHost = load.connections
	client := &http.Client{Transport: transport}

	run(client, url, load, load.warmUp)
	say("ready", 0)
	awaitParent()
	cpu := cpuTime()
	outcome := run(client, url, load, load.measured)
	cpu = cpuTime() - cpu
	sort.Slice(outcome.latencies, func(i, j int) bool { return outcome.latencies[i] < outcome.latencies[j] })
	say("calls", len(outcome.latencies))
	say("errors", outcome.errors)
	if outcome.firstError != nil {
		say("firstError", outcome.firstError)
	}
	say("p50", outcome.percentile(50).Microseconds())
	say("p99", outcome.percentile(99).Microseconds())
	say("max", outcome.percentile(100).Microseconds())
	say("cpu", cpu.Microseconds())
	say("end", 0)
	awaitParent()
}

func run(client *http.Client, url string, load load, duration time.Duration) outcome {
	outcomes := make([]outcome, load.callers)
	var callers sync.WaitGroup
	start := time.Now()
	for i := range outcomes {
		callers.Add(1)
		go func(caller int) {
			defer callers.Done()
			outcomes[caller].call(client, url, load, caller, start, duration)
		}(i)
	}
	callers.Wait()
	var all outcome
	for _, one := range outcomes {
		all.latencies = append(all.latencies, one.latencies...)
		all.errors += one.errors
		if all.firstError == nil {
			all.firstError = one.firstError
		}
	}
	return all
}

func (o *outcome) call(client *http.Client, url string, load load, caller int, start time.Time, duration time.Duration) {
	for n := caller; ; n += load.callers {
		due := time.Duration(n) * time.Second / time.Duration(load.callsPerSecond)
		if due >= duration || time.Since(start) >= duration {
			return
		}
		// Whoever is late counts from when the call was due; waking late is not the client's.
		begun := due
		if early := due - time.Since(start); early > 0 {
			time.Sleep(early)
			begun = time.Since(start)
		}
		response, err := client.Get(url)
		if err != nil {
			o.errors++
			if o.firstError == nil {
				o.firstError = err
			}
			continue
		}
		response.Body.Close()
		o.latencies = append(o.latencies, time.Since(start)-begun)
	}
}

func (o *outcome) percentile(percent int) time.Duration {
	if len(o.latencies) == 0 {
		return 0
	}
	return o.latencies[(len(o.latencies)-1)*percent/100]
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func number(argument int) int {
	value, err := strconv.Atoi(os.Args[argument])
	if err != nil {
		panic(err)
	}
	return value
}

func say(name string, value interface{}) {
	fmt.Printf("scale: %s %v\n", name, value)
}

func awaitParent() {
	os.Stdin.Read(make([]byte, 1))
}
