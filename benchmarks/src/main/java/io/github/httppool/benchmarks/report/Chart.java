package io.github.httppool.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * Bars in panels, as SVG.
 */
public final class Chart {

	private static final int WIDTH = 940;

	private static final int COLUMN = WIDTH / 2;

	private static final int TOP = 44;

	private static final int LINE = 22;

	private static final int LABELS = 250;

	private static final int LONGEST = COLUMN - LABELS - 70;

	private final StringBuilder svg = new StringBuilder();

	private Chart() {
	}

	/**
	 * Draw.
	 * @param title what is shown
	 * @param panels the panels, all with as many bars
	 * @param note where and when it was measured
	 * @return the picture
	 */
	public static String draw(String title, List<Panel> panels, String note) {
		return new Chart().drawAll(title, panels, note);
	}

	private String drawAll(String title, List<Panel> panels, String note) {
		int panelHeight = (panels.get(0).bars().size() + 2) * LINE;
		List<String> notes = lines(note);
		int notesAt = TOP + (panels.size() + 1) / 2 * panelHeight;
		int height = notesAt + notes.size() * 16 + 8;
		this.svg.append(String.format(Locale.ROOT, """
				<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d"\
				 font-family="system-ui, sans-serif" font-size="12" fill="#24292f" role="img">
				<title>%3$s</title>
				<rect width="%1$d" height="%2$d" rx="6" fill="#ffffff"/>
				""", WIDTH, height, escaped(title)));
		text(16, 26, "start", "font-weight=\"600\" font-size=\"15\"", title);
		for (int i = 0; i < panels.size(); i++) {
			drawPanel(panels.get(i), i % 2 * COLUMN, TOP + i / 2 * panelHeight);
		}
		for (int i = 0; i < notes.size(); i++) {
			text(16, notesAt + 8 + i * 16, "start", "font-size=\"11\" fill=\"#57606a\"", notes.get(i));
		}
		return this.svg.append("</svg>\n").toString();
	}

	private void drawPanel(Panel panel, int left, int top) {
		text(left + LABELS, top + 14, "start", "font-weight=\"600\"", panel.title());
		double most = panel.bars().stream().mapToDouble(Bar::value).max().orElse(1);
		int y = top + LINE;
		for (Bar bar : panel.bars()) {
			text(left + LABELS - 8, y + 14, "end", bar.ours() ? "font-weight=\"600\"" : "", bar.title());
			this.svg.append(String.format(Locale.ROOT,
					"<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"/>%n", left + LABELS,
					y + 2, Math.max(1, bar.value() / most * LONGEST), LINE - 6, bar.ours() ? "#1a7f37" : "#9aa4b0"));
			text(left + LABELS + (int) (bar.value() / most * LONGEST) + 6, y + 14, "start", "",
					String.format(Locale.ROOT, "%.2f", bar.value()));
			y += LINE;
		}
	}

	private void text(int x, int y, String anchor, String style, String text) {
		this.svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" %s>%s</text>%n", x, y,
				anchor, style, escaped(text)));
	}

	private static List<String> lines(String text) {
		return List.of(text.replaceAll("(.{1,150})(?: |$)", "$1\n").strip().split("\n"));
	}

	private static String escaped(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

	/**
	 * Bars that are compared with each other.
	 *
	 * @param title what they show
	 * @param bars the bars
	 */
	public record Panel(String title, List<Bar> bars) {
	}

	/**
	 * One of them.
	 *
	 * @param title whose it is
	 * @param value how long it is
	 * @param ours whether it is this project's
	 */
	public record Bar(String title, double value, boolean ours) {
	}

}
