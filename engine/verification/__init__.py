"""What is proved about a diagram before it may be deployed.

``soundness`` explores the runtime itself: every state it can reach, with every
decision possible. ``second_opinion`` walks the diagram at random by our runtime and
by SpiffWorkflow side by side, and is the only module that imports SpiffWorkflow.
"""
