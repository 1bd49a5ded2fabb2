"""What the data plane does with packets: VFP as stored policies make it, traces, reachability."""
