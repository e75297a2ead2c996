package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;

/**
 * Calls of OkHttp that wait for a slot of its dispatcher: OkHttp limits asynchronous
 * calls only.
 */
final class LimitedOkHttp extends OkHttp {

	LimitedOkHttp(ClientSpec spec) {
		super(spec);
		dispatcher().setMaxRequests(spec.maxConnections());
		dispatcher().setMaxRequestsPerHost(spec.maxConnections());
	}

	@Override
	Response execute(Call call) throws IOException {
		CompletableFuture<Response> future = new CompletableFuture<>();
		call.enqueue(new Callback() {

			@Override
			public void onFailure(Call call, IOException ex) {
				future.completeExceptionally(ex);
			}

			@Override
			public void onResponse(Call call, Response response) {
				future.complete(response);
			}

		});
		try {
			return future.get();
		}
		catch (ExecutionException ex) {
			throw new IOException(ex);
		}
		catch (InterruptedException ex) {
			throw new InterruptedIOException();
		}
	}

}
